import { beforeAll, describe, expect, test } from '@jest/globals'
import { completed, pending, type Sandbox, type Scenario } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'
import { buildProgram, runInShell, type Run } from '../program'

beforeAll(buildProgram)

const shell = (script: string, { apiKey = '' }: Partial<Sandbox> = {}): Promise<Run> =>
  runInShell(script, { ONLYFANSAPI_API_KEY: apiKey })

const sandboxWith = async (scenario: Scenario): Promise<Sandbox> => {
  const sandbox = await openSandbox()
  sandbox.script('acct_sandbox', scenario, 'one')
  return sandbox
}

describe('a full disk', () => {
  test.each(['--version', '--help', 'completion bash'])('makes %s end with 74', async args => {
    const { code, stderr } = await shell(`$PROGRAM ${args} > /dev/full`)
    expect({ code, stderr }).toEqual({
      code: 74,
      stderr: 'rx-upload-status: the output cannot be written: no space is left\n',
    })
  })

  test.each<[string, Scenario]>([
    ['before its end', [pending()]],
    ['at its last line', [completed()]],
  ])('makes a watch end with 74: %s', async (_, scenario) => {
    const sandbox = await sandboxWith(scenario)
    const { code, stderr } = await shell(
      `$PROGRAM watch --base-url ${sandbox.url} acct_sandbox one > /dev/full`,
      sandbox,
    )
    expect(code).toBe(74)
    expect(stderr).toContain('the output cannot be written: no space is left')
  })
})

describe('a closed pipe', () => {
  test.each(['--help', 'help watch'])('makes %s end with 141', async args => {
    const { stderr } = await shell(`{ $PROGRAM ${args}; echo $? >&2; } | true`)
    expect(stderr).toBe('141\n')
  })
})
