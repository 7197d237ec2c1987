import { beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  apiError,
  completed,
  failed,
  html,
  pending,
  type Sandbox,
  type Scenario,
} from '../../../src/sandbox'
import { noTotals } from '../../../src/cli/display/totals'
import { openSandbox } from '../../sandbox/openSandbox'
import {
  buildProgram,
  endOf,
  jsonLines,
  runInShell,
  runProgram,
  startProgram,
  withoutSummary,
  type Run,
  type Surroundings,
} from '../program'

beforeAll(buildProgram)

const key = 'sk_test_secret_4711'
const env = { ONLYFANSAPI_API_KEY: key }
const account = 'acct_sandbox'
const screen = { columns: 100, rows: 24 }
const dumb = { ...env, TERM: 'dumb' }

const sandboxWith = async (scenarios: Readonly<Record<string, Scenario>>): Promise<Sandbox> => {
  const sandbox = await openSandbox({ apiKey: key })
  for (const [upload, scenario] of Object.entries(scenarios))
    sandbox.script(account, scenario, upload)
  return sandbox
}

const watch = (
  { url }: Sandbox,
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Run> => runProgram(['watch', '--base-url', url, ...args], { env, ...surroundings })

const urlOf = ({ url }: Sandbox, upload: string): string =>
  `${url}/api/${account}/media/uploads/${upload}/status`

describe('watch', () => {
  test('ends with 0 if all are completed, and writes each status as a line of JSON', async () => {
    const sandbox = await sandboxWith({ one: [pending(), completed()], two: [completed('upload')] })
    const { code, stdout, stderr } = await watch(sandbox, [account, 'one', 'two'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = withoutSummary(stdout)
    expect(lines).toHaveLength(3)
    expect(lines).toContainEqual({
      account,
      upload: 'one',
      status: { status: 'pending', prefixed_id: 'one' },
    })
    expect(lines).toContainEqual({
      account,
      upload: 'two',
      status: expect.objectContaining({
        status: 'completed',
        media: expect.objectContaining({ sourceUrl: expect.any(String) }),
      }),
    })
  })

  test('ends with 1 if an upload failed', async () => {
    const sandbox = await sandboxWith({ one: [failed('No.')], two: [completed()] })
    const { code, stdout } = await watch(sandbox, [urlOf(sandbox, 'one'), urlOf(sandbox, 'two')])
    expect(code).toBe(1)
    expect(withoutSummary(stdout)).toContainEqual({
      account,
      upload: 'one',
      status: { status: 'failed', prefixed_id: 'one', error: 'No.' },
    })
  })

  test('ends with 2 if a status is unknown', async () => {
    const sandbox = await sandboxWith({ one: [completed()] })
    const { code, stdout } = await watch(sandbox, [account, 'one', 'unknown'])
    expect(code).toBe(2)
    expect(withoutSummary(stdout)).toContainEqual({
      account,
      upload: 'unknown',
      failure: expect.objectContaining({ _tag: 'Rejected', status: 404 }),
    })
  })

  test('ends with 2 at its deadline', async () => {
    const sandbox = await sandboxWith({ one: [pending()] })
    const { code, stdout } = await watch(sandbox, ['--deadline', '300ms', account, 'one'])
    expect(code).toBe(2)
    expect(withoutSummary(stdout).at(-1)).toMatchObject({
      failure: { _tag: 'Expired', after: 300 },
    })
  })

  test('obeys --attempt-timeout and --not-found-grace', async () => {
    const sandbox = await sandboxWith({ one: [{ kind: 'silent', times: 2 }, completed()] })
    const patient = await watch(sandbox, ['--attempt-timeout', '200ms', account, 'one'])
    expect(patient.code).toBe(0)
    const graced = ['--not-found-grace', '1m', '--deadline', '400ms', account, 'unknown']
    const { stdout } = await watch(sandbox, graced)
    expect(withoutSummary(stdout)).toMatchObject([{ failure: { _tag: 'Expired' } }])
  })

  test('writes the summary in its last line', async () => {
    const sandbox = await sandboxWith({ one: [pending(), failed('No.')], two: [completed()] })
    const input = `${account} two\nacct_1 ../bad\n`
    const { code, stdout } = await watch(sandbox, [account, 'one', 'unknown', '-'], { input })
    expect(code).toBe(2)
    const ended = { completed: 1, failed: 1, unknown: 2 }
    expect(jsonLines(stdout).at(-1)).toEqual({
      summary: { ...noTotals, total: 4, ...ended, settled: 4, fraction: 1 },
    })
  })

  test('makes no more requests than --rate allows', async () => {
    const sandbox = await sandboxWith({ one: [pending()], two: [pending()], three: [pending()] })
    const flags = ['--rate', '12/min', '--deadline', '1s']
    await watch(sandbox, [...flags, account, 'one', 'two', 'three'])
    expect(sandbox.counts().requests).toBe(2)
  })

  test.each<[string, Surroundings, 'stdout' | 'stderr']>([
    ['on standard error', {}, 'stderr'],
    ['on standard error, on a dumb terminal', { terminal: screen, env: dumb }, 'stderr'],
    ['above the board', { terminal: screen }, 'stdout'],
  ])('warns once that polls are late: %s', async (_, surroundings, stream) => {
    const sandbox = await sandboxWith({ one: [pending()], two: [pending()], three: [pending()] })
    const flags = ['--rate', '2/min', '--deadline', '2s']
    const run = await watch(sandbox, [...flags, account, 'one', 'two', 'three'], surroundings)
    const sentence = 'polls are late: more of them are due than 2 requests per minute allow\n'
    expect(run[stream].split(sentence)).toHaveLength(2)
    const other = stream === 'stdout' ? run.stderr : run.stdout
    expect(other).not.toContain('late')
  })

  test('watches an upload once, even if it is given twice', async () => {
    const sandbox = await sandboxWith({ one: [completed()] })
    const { stdout } = await watch(sandbox, [urlOf(sandbox, 'one'), account, 'one', 'one'])
    expect(withoutSummary(stdout)).toHaveLength(1)
    expect(sandbox.counts().requests).toBe(1)
  })

  test('shows no key, even if the server sends it', async () => {
    const rude = { error: `You sent ${key}.`, status: 403 }
    const sandbox = await sandboxWith({
      one: [apiError(rude.status, rude.error)],
      two: [failed(key)],
    })
    for (const surroundings of [{}, { terminal: { columns: 200, rows: 24 } }]) {
      const { stdout, stderr } = await watch(sandbox, [account, 'one', 'two'], surroundings)
      expect(stdout).toContain('403')
      expect(stdout + stderr).not.toContain(key)
    }
  })
})

describe('standard input', () => {
  test('has one reference per line', async () => {
    const sandbox = await sandboxWith({ one: [completed()], two: [completed()] })
    const input = `${urlOf(sandbox, 'one')}\r\n\n  ${account} two`
    const { code, stdout } = await watch(sandbox, ['-'], { input })
    expect(code).toBe(0)
    expect(withoutSummary(stdout)).toHaveLength(2)
  })

  test('watches the other lines if one is invalid, and ends with 2', async () => {
    const sandbox = await sandboxWith({ one: [completed()], two: [completed()] })
    const input = `${account} one\nhttps://evil.example/${key}\n${key} ../x\n${account} two\n`
    const { code, stdout, stderr } = await watch(sandbox, ['-'], { input })
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    const lines = withoutSummary(stdout)
    expect(lines).toHaveLength(4)
    for (const upload of ['one', 'two']) {
      expect(lines).toContainEqual(
        expect.objectContaining({
          upload,
          status: expect.objectContaining({ status: 'completed' }),
        }),
      )
    }
    for (const line of [2, 3]) {
      const failure = expect.objectContaining({ _tag: 'InvalidRequest' })
      expect(lines).toContainEqual({ account: null, upload: null, line, failure })
    }
    expect(stdout).not.toContain(key)
    expect(sandbox.counts().requests).toBe(2)
  })

  test.each(['', '\n \r\n'])('without a reference is an error: %j', async input => {
    const sandbox = await sandboxWith({})
    const { code, stdout, stderr } = await watch(sandbox, ['-'], { input })
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toMatch(/^rx-upload-status watch: standard input holds no reference: /)
  })

  test('with more uploads than the deadline allows leads to an immediate warning', async () => {
    const sandbox = await sandboxWith({})
    const input = Array.from({ length: 300 }, (_, i) => `${account} upload_${String(i)}\n`).join('')
    const { stderr } = await watch(sandbox, ['--deadline', '1s', '-'], { input })
    const [first = '', ...others] = stderr.split('\n')
    expect(first).toMatch(/^rx-upload-status: the first poll of 300 uploads takes about 4m 50s /)
    expect(others.join()).not.toContain('first poll')
  })

  test('is read while uploads are watched', async () => {
    const sandbox = await sandboxWith({ one: [completed()], two: [completed()] })
    const child = startProgram(['watch', '--base-url', sandbox.url, '-'], { env })
    child.stdin.write(`${account} one\n`)
    const data: readonly unknown[] = await once(child.stdout, 'data')
    expect(jsonLines(String(data[0]))).toMatchObject([{ upload: 'one' }])
    child.stdin.end(`${account} two\n`)
    const { code, stdout } = await endOf(child)
    expect(code).toBe(0)
    expect(withoutSummary(stdout)).toMatchObject([{ upload: 'two' }])
  })
})

describe('bad usage', () => {
  const nobody = 'http://127.0.0.1:9'

  test.each<[string, readonly string[], RegExp]>([
    ['no reference', ['watch'], /no upload was given/],
    ['a bad id', ['watch', 'acct_1', 'good', '../bad'], /argument 3: upload must be/],
    [
      'another origin',
      ['watch', `${nobody}/api/a/media/uploads/b/status`],
      /argument 1: polling URL/,
    ],
    ['an unknown flag', ['watch', '--frob', 'a', 'b'], /unknown flag --frob/],
    ['a duration without a unit', ['watch', '--deadline', '10', 'a', 'b'], /--deadline must be/],
    [
      'a deadline out of range',
      ['watch', '--deadline', '0s', 'a', 'b'],
      /--deadline must be a duration from 1ms to 596h, like 10m or 5m30s \(units: ms, s, m, h\), not a value/,
    ],
    ['a key as an argument', ['watch', '--api-key', key, 'a', 'b'], /--api-key is refused: /],
    [
      'a key file that does not exist',
      ['watch', '--key-file', key, 'a', 'b'],
      /--key-file: the file cannot be read: there is no such file/,
    ],
    ['no command', [], /the first argument must be a command/],
  ])('ends with 64 and only a reason: %s', async (_, args, message) => {
    const { code, stdout, stderr } = await runProgram(args, { env })
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^Help: npx rx-upload-status( watch)? --help$/m)
    expect(stderr).not.toContain(key)
  })

  test('ends with 64 without a key, and sends nothing', async () => {
    const sandbox = await sandboxWith({ one: [completed()] })
    const { code, stderr } = await watch(sandbox, [account, 'one'], { env: {} })
    expect(code).toBe(64)
    expect(stderr).toMatch(/there is no API key: set ONLYFANSAPI_API_KEY, or give --key-file/)
    expect(sandbox.counts().requests).toBe(0)
  })
})

describe('the key', () => {
  test('is read from a file, without the line break at its end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upload-status-key-'))
    const file = join(folder, 'key')
    await writeFile(file, `${key}\n`)
    const sandbox = await sandboxWith({ one: [completed()] })
    const flags = ['--key-file', file, account, 'one']
    const { code } = await watch(sandbox, flags, { env: { ONLYFANSAPI_API_KEY: 'sk_wrong' } })
    await rm(folder, { recursive: true })
    expect(code).toBe(0)
  })
})

describe('help', () => {
  test.each([
    [['--help'], /^Usage: npx rx-upload-status COMMAND/m],
    [['watch', '--help'], /^Usage: npx rx-upload-status watch/m],
    [['sandbox', '--help'], /^Usage: npx rx-upload-status sandbox/m],
    [['demo', '--help'], /^Usage: npx rx-upload-status demo/m],
    [['--version'], /^\d+\.\d+\.\d+\S*\n$/],
  ])('is on standard output: %j', async (args, text) => {
    const { code, stdout, stderr } = await runProgram(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(text)
  })
})

describe('a closed pipe', () => {
  const { ONLYFANSAPI_API_KEY } = env
  const threePolls: Scenario = [pending(), html(502), completed()]

  test('ends the program quietly', async () => {
    const sandbox = await sandboxWith({ one: threePolls, two: threePolls })
    const { code, stdout, stderr } = await runInShell(
      `{ $PROGRAM watch --base-url ${sandbox.url} ${account} one two; echo $? >&2; } | head -1`,
      { ONLYFANSAPI_API_KEY },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '141\n' })
    expect(jsonLines(stdout)).toHaveLength(1)
  })
})
