import { expect, jest } from '@jest/globals'

/**
 * A test with a real browser, program or Redis depends on how busy the machine is. If it fails, it runs
 * a second time at the end of its file. Its first failure is printed, and the last lines of `.ci/run` name
 * it. Laws over random worlds never run again, because a failing seed is a bug.
 */
const ofRealParts = /[/\\]test[/\\](browser|bullmq|cli[/\\]process|docs|faults|secrets)[/\\]/

if (ofRealParts.test(expect.getState().testPath ?? ''))
  jest.retryTimes(1, { logErrorsBeforeRetry: true })
