import { beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { completed, failed, html, pending, type Sandbox, type Scenario } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'
import {
  buildProgram,
  endOf,
  jsonLines,
  runInShell,
  runProgram,
  startProgram,
  type Run,
  type Surroundings,
} from '../program'

beforeAll(buildProgram)

const account = 'acct_sandbox'
const screen = { columns: 100, rows: 24 }

const sandboxWith = async (scenarios: Readonly<Record<string, Scenario>>): Promise<Sandbox> => {
  const sandbox = await openSandbox()
  for (const [upload, scenario] of Object.entries(scenarios))
    sandbox.script(account, scenario, upload)
  return sandbox
}

const watch = (
  { url, apiKey }: Sandbox,
  args: readonly string[],
  { env, ...surroundings }: Surroundings = {},
): Promise<Run> =>
  runProgram(['watch', '--base-url', url, ...args], {
    ...surroundings,
    env: { ONLYFANSAPI_API_KEY: apiKey, ...env },
  })

const fileIn = async (name: string): Promise<string> =>
  join(await mkdtemp(join(tmpdir(), 'upload-status-')), name)

describe('a run that is interrupted', () => {
  const interrupted = async (
    flags: readonly string[],
    surroundings: Surroundings,
    signal: NodeJS.Signals,
  ): Promise<Run> => {
    const { url, apiKey } = await sandboxWith({ one: [completed()], two: [pending()] })
    const args = ['watch', '--base-url', url, ...flags, account, 'one', 'two']
    const env = { ONLYFANSAPI_API_KEY: apiKey, ...surroundings.env }
    const child = startProgram(args, { ...surroundings, env })
    let seen = ''
    child.stdout.on('data', piece => {
      seen += String(piece)
      if (/completed/.test(seen) && /pending/.test(seen) && !child.killed) child.kill(signal)
    })
    return endOf(child)
  }

  test.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('by %s writes its summary and ends with %d', async (signal, code) => {
    const run = await interrupted([], {}, signal)
    expect(run.code).toBe(code)
    expect(jsonLines(run.stdout).at(-1)).toMatchObject({
      summary: { total: 2, waiting: 0, pending: 1, completed: 1, settled: 1 },
    })
  })

  test.each<[string, Surroundings, RegExp]>([
    ['on a board', { terminal: screen }, /completed +one/],
    [
      'as lines',
      { terminal: screen, env: { CI: 'true' } },
      /1 of 2 settled: 1 pending, 1 completed,/,
    ],
  ])('leaves its totals %s', async (_, surroundings, end) => {
    const { code, stdout } = await interrupted([], surroundings, 'SIGINT')
    expect(code).toBe(130)
    expect(stripVTControlCharacters(stdout.slice(-400))).toMatch(end)
  })

  test('writes the references that have not ended to the file of --unfinished', async () => {
    const file = await fileIn('rest.txt')
    await interrupted(['--unfinished', file], {}, 'SIGINT')
    expect(await readFile(file, 'utf8')).toBe(`${account} two\n`)
  })
})

describe('--unfinished', () => {
  test('may name the file that is read, and keeps the uploads without an end', async () => {
    const sandbox = await sandboxWith({ one: [completed()], two: [failed('No.')] })
    const file = await fileIn('list.txt')
    await writeFile(file, `${account} one\n${account} two\n${account} unknown\n`)
    const { code } = await runInShell(
      `$PROGRAM watch --base-url ${sandbox.url} --unfinished ${file} - < ${file}`,
      { ONLYFANSAPI_API_KEY: sandbox.apiKey },
    )
    expect(code).toBe(2)
    expect(await readFile(file, 'utf8')).toBe(`${account} unknown\n`)
  })

  test('is checked before anything is sent', async () => {
    const sandbox = await sandboxWith({ one: [completed()] })
    const { code, stderr } = await watch(sandbox, ['--unfinished', '/no/such', account, 'one'])
    expect(code).toBe(64)
    expect(stderr).toMatch(
      /: --unfinished: \/no\/such cannot be written: its folder does not exist\n/,
    )
    expect(sandbox.counts().requests).toBe(0)
  })

  test('ends with 74 if the disk is full', async () => {
    const sandbox = await sandboxWith({ one: [completed()] })
    const args = ['--unfinished', '/dev/full', account, 'one', 'unknown']
    const { code, stderr } = await watch(sandbox, args)
    expect(code).toBe(74)
    expect(stderr).toContain('--unfinished: /dev/full cannot be written: no space is left')
  })
})

describe('--fail-fast', () => {
  test.each<[string, number]>([
    ['bad', 1],
    ['unknown', 2],
  ])('ends after the first upload that is %s', async (upload, expected) => {
    const sandbox = await sandboxWith({ bad: [failed('No.')], slow: [pending()] })
    const { code, stdout } = await watch(sandbox, ['--fail-fast', account, 'slow', upload])
    expect(code).toBe(expected)
    expect(jsonLines(stdout).at(-1)).toMatchObject({ summary: { total: 2, settled: 1 } })
  })
})

describe('the output', () => {
  const scenarios: Readonly<Record<string, Scenario>> = { one: [html(502), completed()] }

  test('with --summary is only the summary', async () => {
    const sandbox = await sandboxWith(scenarios)
    const json = await watch(sandbox, ['--summary', account, 'one'])
    expect(jsonLines(json.stdout)).toMatchObject([{ summary: { completed: 1 } }])
    const text = await watch(sandbox, ['--summary', account, 'one'], { terminal: screen })
    expect(text.stdout).toMatch(/^1 of 1 settled: 1 completed, \d\.\ds\n$/)
  })

  test('with --plain is text without a board', async () => {
    const sandbox = await sandboxWith(scenarios)
    for (const surroundings of [{}, { terminal: screen }, { terminal: screen, env: { CI: '1' } }]) {
      const { stdout } = await watch(sandbox, ['--plain', account, 'one'], surroundings)
      expect(stdout).not.toContain('\u001B')
      expect(stdout).toMatch(/^✓ completed +one .*\n1 of 1 settled: 1 completed, \d\.\ds\n$/)
    }
  })

  test('with --verbose shows every attempt', async () => {
    const sandbox = await sandboxWith(scenarios)
    const json = await watch(sandbox, ['--verbose', account, 'one'])
    const tags = jsonLines(json.stdout).map(line => JSON.stringify(line))
    expect(tags.filter(line => line.includes('AttemptStarted'))).toHaveLength(2)
    expect(tags.filter(line => line.includes('"status":502'))).toHaveLength(1)
    sandbox.script(account, [html(502), completed()], 'two')
    const board = await watch(sandbox, ['--verbose', account, 'two'], { terminal: screen })
    expect(board.stdout).toMatch(/two: no status: unavailable, HTTP 502\n/)
    sandbox.script(account, [html(502), completed()], 'three')
    const text = await watch(sandbox, ['--verbose', '--plain', account, 'three'])
    expect(text.stdout).toMatch(/three: attempt 2\n.*three: completed, by poll\n✓/)
  })

  test('with --allow-empty is an empty summary', async () => {
    const sandbox = await sandboxWith({})
    const { code, stdout } = await watch(sandbox, ['--allow-empty', '-'])
    expect(code).toBe(0)
    expect(jsonLines(stdout)).toMatchObject([{ summary: { total: 0 } }])
  })
})
