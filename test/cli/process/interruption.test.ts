import { beforeAll, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { pending, silent, type Scenario } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'
import { buildProgram, endOf, startProgram } from '../program'

beforeAll(buildProgram)

describe('an interruption', () => {
  test.each<[NodeJS.Signals, number, string, Scenario]>([
    ['SIGINT', 130, 'between two polls', [pending()]],
    ['SIGTERM', 143, 'between two polls', [pending()]],
    ['SIGINT', 130, 'while a request runs', [pending(), silent()]],
  ])('by %s ends the program immediately with %d, %s', async (signal, code, _, scenario) => {
    const sandbox = await openSandbox()
    const { upload } = sandbox.script('acct_sandbox', scenario)
    const child = startProgram(['watch', '--base-url', sandbox.url, '-'], {
      env: { ONLYFANSAPI_API_KEY: sandbox.apiKey },
    })
    // Standard input stays open. It must not keep the process alive.
    child.stdin.write(`acct_sandbox ${upload}\n`)
    await once(child.stdout, 'data')
    while (sandbox.counts().requests < scenario.length) await new Promise(setImmediate)
    const interrupted = performance.now()
    child.kill(signal)
    const end = await endOf(child)
    expect(end).toMatchObject({ code, stderr: '' })
    expect(performance.now() - interrupted).toBeLessThan(1_000)
  })
})
