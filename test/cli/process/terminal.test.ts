import { beforeAll, describe, expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { completed, delayed, failed, pending, type Sandbox } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'
import {
  buildProgram,
  endOf,
  runProgram,
  startProgram,
  withoutSummary,
  type Run,
  type Surroundings,
} from '../program'

beforeAll(buildProgram)

const hiddenCursor = '\u001B[?25l'
const shownCursor = '\u001B[?25h'
const red = '\u001B[31m'

/** Two uploads; one takes long enough for a frame or two of the board. */
const sandboxWithTwo = async (): Promise<Sandbox> => {
  const sandbox = await openSandbox()
  sandbox.script('acct_sandbox', [delayed(250, completed())], 'good')
  sandbox.script('acct_sandbox', [failed('Not\u001B[2J a video.\u202E')], 'bad')
  return sandbox
}

const watch = async (surroundings: Surroundings, ...flags: readonly string[]): Promise<Run> => {
  const { url, apiKey } = await sandboxWithTwo()
  return runProgram(['watch', '--base-url', url, ...flags, 'acct_sandbox', 'good', 'bad'], {
    ...surroundings,
    env: { ONLYFANSAPI_API_KEY: apiKey, ...surroundings.env },
  })
}

/** The final screen: the text after the last erasure. */
const finalScreen = (output: string): string =>
  stripVTControlCharacters(output.slice(output.lastIndexOf('\u001B[2K')))

describe('on a terminal', () => {
  test('the board of uploads stays at the end, and the cursor is shown again', async () => {
    const { code, stdout, stderr } = await watch({ terminal: { columns: 100, rows: 24 } })
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout.startsWith(hiddenCursor)).toBe(true)
    expect(stdout.endsWith(shownCursor)).toBe(true)
    expect(finalScreen(stdout)).toMatch(
      /2 uploads at 60\/min: 2 of 2 polled\n✗ failed +bad .*1 poll +Not a video\.\n✓ completed +good .*1 poll .*\n✓ 1 completed {2}✗ 1 failed\n█{30} 2 of 2 settled, 1 failed, \d\.\ds\n/,
    )
    expect(stdout).not.toMatch(/\u202E/)
  })

  test.each<[string, Readonly<Record<string, string>>, boolean]>([
    ['there are colours', {}, true],
    ['there are none with NO_COLOR', { NO_COLOR: '1' }, false],
  ])('%s', async (_, env, expected) => {
    const { stdout } = await watch({ terminal: { columns: 100, rows: 24 }, env })
    expect(stdout.includes(red)).toBe(expected)
  })

  test('lines have colours with FORCE_COLOR, also in a log', async () => {
    const { stdout } = await watch({ env: { FORCE_COLOR: '1' } }, '--plain')
    expect(stdout).toContain(`${red}✗ failed`)
  })

  test.each([
    [0, 0],
    [1, 1],
    [20, 3],
    [10_000, 10_000],
  ])(
    'with %d columns and %d rows, the program runs until all uploads have ended',
    async (columns, rows) => {
      const { code, stdout, stderr } = await watch({ terminal: { columns, rows } })
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
      expect(stripVTControlCharacters(stdout)).toContain(columns === 1 ? '' : 'Not a video.')
      expect(stdout.endsWith(shownCursor)).toBe(true)
    },
  )

  test('that cannot redraw, each new status is printed as a line', async () => {
    const { stdout } = await watch({ terminal: { columns: 80, rows: 24 }, env: { TERM: 'dumb' } })
    expect(stdout).not.toContain('\u001B')
    expect(stdout).toMatch(/^✗ failed +bad .*Not a video\.$/m)
    expect(stdout).toMatch(/^✓ completed +good /m)
  })

  test('with --json the output is JSON only', async () => {
    const { stdout } = await watch({ terminal: { columns: 80, rows: 24 } }, '--json')
    expect(withoutSummary(stdout)).toHaveLength(2)
    for (const line of withoutSummary(stdout)) expect(line).toHaveProperty('status')
  })

  test('the cursor is shown again after an interruption', async () => {
    const sandbox = await openSandbox()
    const { upload } = sandbox.script('acct_sandbox', [pending()])
    const child = startProgram(['watch', '--base-url', sandbox.url, 'acct_sandbox', upload], {
      env: { ONLYFANSAPI_API_KEY: sandbox.apiKey },
      terminal: { columns: 80, rows: 24 },
    })
    child.stdout.on('data', piece => {
      if (String(piece).includes('pending')) child.kill('SIGINT')
    })
    const { code, stdout } = await endOf(child)
    expect(code).toBe(130)
    expect(stdout.endsWith(shownCursor)).toBe(true)
  })
})
