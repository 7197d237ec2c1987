import { beforeAll, describe, expect, test } from '@jest/globals'
import { completed, failed, type Sandbox } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'
import { buildProgram, endOf, jsonLines, startProgram, withoutSummary, type Run } from '../program'

beforeAll(buildProgram)

const account = 'acct_sandbox'
const many = 10_000
const uploads = Array.from({ length: many }, (_, n) => `upload_${String(n)}`)

const sandboxWithMany = async (): Promise<Sandbox> => {
  const sandbox = await openSandbox({ maxUploads: many })
  for (const [n, upload] of uploads.entries())
    sandbox.script(account, [n % 1_000 === 0 ? failed('No.') : completed()], upload)
  return sandbox
}

describe('ten thousand uploads on standard input', () => {
  test('are each watched, written and counted once, even with invalid and repeated lines', async () => {
    const sandbox = await sandboxWithMany()
    const flags = ['--base-url', sandbox.url, '--rate', '100000/min']
    const child = startProgram(['watch', ...flags, '-'], {
      env: { ONLYFANSAPI_API_KEY: sandbox.apiKey, NODE_OPTIONS: '--max-old-space-size=128' },
    })
    const lines = uploads.map(upload => `${account} ${upload}`)
    const [bad, repeated] = [`${account} ../bad`, lines.slice(0, 100)]
    child.stdin.end([...lines.slice(0, 5_000), bad, ...lines.slice(5_000), ...repeated].join('\n'))
    const { code, stdout, stderr }: Run = await endOf(child)
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(sandbox.counts().requests).toBe(many)
    const ended = { completed: many - 10, failed: 10, unknown: 1, settled: many + 1 }
    expect(jsonLines(stdout).at(-1)).toMatchObject({ summary: { total: many + 1, ...ended } })
    const written = withoutSummary(stdout)
    expect(written).toHaveLength(many + 1)
    expect(written).toContainEqual(expect.objectContaining({ account: null, line: 5_001 }))
  }, 120_000)
})
