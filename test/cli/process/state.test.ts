import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completed, pending, processing, type Sandbox } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'
import { until } from '../../until'
import { buildProgram, endOf, jsonLines, runProgram, startProgram, type Run } from '../program'

beforeAll(buildProgram)

let folder = ''
let file = ''
let sandbox: Sandbox

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'state-'))
  file = join(folder, 'state.json')
  sandbox = await openSandbox()
})

const env = (): Record<string, string> => ({ ONLYFANSAPI_API_KEY: sandbox.apiKey })

const start = (...args: readonly string[]) =>
  startProgram(['watch', '--base-url', sandbox.url, '--state', file, ...args], { env: env() })

const run = (...args: readonly string[]): Promise<Run> =>
  runProgram(['watch', '--base-url', sandbox.url, '--state', file, ...args], { env: env() })

interface Saved {
  readonly watches: readonly {
    readonly upload: string
    readonly state: { readonly attempts: number }
  }[]
}

const saved = (): Saved => JSON.parse(readFileSync(file, 'utf8')) as Saved

/** A run that is interrupted after the first status of its upload. */
const interrupted = async (upload: string): Promise<Run> => {
  const child = start('acct_sandbox', upload)
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  return endOf(child)
}

describe('--state', () => {
  test('keeps the watches of an interrupted run, and the next run continues them', async () => {
    const { upload } = sandbox.script('acct_sandbox', [processing(), completed()])
    const first = await interrupted(upload)
    expect(first).toMatchObject({ code: 143, stderr: '' })
    expect(saved().watches).toMatchObject([{ upload, state: { attempts: 1 } }])
    expect(readFileSync(file, 'utf8')).not.toContain(sandbox.apiKey)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['state.json'])

    const second = await run('--verbose')
    expect(second).toMatchObject({ code: 0 })
    const attempts = jsonLines(second.stdout)
      .map(line => (line as { readonly event?: { readonly attempt?: number } }).event?.attempt)
      .filter(attempt => attempt !== undefined)
    expect(attempts[0]).toBe(2)
    expect(second.stdout).toMatch(/"processing"[^]*"completed"/)
    expect(saved().watches).toEqual([])
    expect((await run('--allow-empty')).code).toBe(0)
  })

  test('is written while the program runs, so that a crash keeps the watches', async () => {
    const { upload } = sandbox.script('acct_sandbox', [pending()])
    const child = start('acct_sandbox', upload)
    await until(() => {
      try {
        return saved().watches.length === 1
      } catch {
        return false
      }
    })
    child.kill('SIGKILL')
    await endOf(child)
    expect(saved().watches).toMatchObject([{ upload }])
  })
})
