import { expect, jest } from '@jest/globals'

/**
 * Tests of a real browser, of real programs and of a real Redis share a machine with all others, and
 * with whatever else it does. One that fails there runs once more, at the end of its file. Its first
 * failure is printed, and the last lines of `.ci/run` name it. Laws over random worlds never run again:
 * a seed that fails is a fault.
 */
const ofRealParts = /[/\\]test[/\\](browser|bullmq|cli[/\\]process|docs|faults|secrets)[/\\]/

if (ofRealParts.test(expect.getState().testPath ?? ''))
  jest.retryTimes(1, { logErrorsBeforeRetry: true })
