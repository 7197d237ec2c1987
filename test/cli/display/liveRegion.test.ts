import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { Writable } from 'node:stream'
import { createLiveRegion, type LiveRegion } from '../../../src/cli/display/liveRegion'
import type { TerminalSize } from '../../../src/cli/display/terminal'
import { linesAfter, type Happening } from '../emulator'

/** A terminal that records what happens to it. */
class RecordedTerminal extends Writable {
  readonly isTTY = true
  columns = 120
  rows = 24
  readonly happenings: Happening[] = []

  override _write(text: Buffer, _encoding: unknown, done: () => void): void {
    this.happenings.push(text.toString().replaceAll('\n', '\r\n'))
    done()
  }

  /** All that was written to it. */
  text(): string {
    return this.happenings.filter(happening => typeof happening === 'string').join('')
  }

  /** Its window gets another size; the program is told `delay` ms later. */
  resize(columns: number, rows: number, delay: number): void {
    this.happenings.push({ columns, rows })
    jest.advanceTimersByTime(delay)
    Object.assign(this, { columns, rows })
    this.emit('resize')
  }
}

/** The time between two redraws, in ms. */
const turn = 100

const prompt = ['$ ls', '$ watch']

/** Draws a board of `height` lines as wide as the terminal; all of them but one change each time. */
const draw = async (
  height: number,
  act: (terminal: RecordedTerminal, region: LiveRegion) => void,
): Promise<{ readonly lines: readonly string[]; readonly board: readonly string[] }> => {
  const terminal = new RecordedTerminal()
  let drawn = 0
  let board: readonly string[] = []
  terminal.write(prompt.map(line => `${line}\n`).join(''))
  const region = createLiveRegion(terminal, ({ columns }: TerminalSize) => {
    drawn += 1
    board = Array.from({ length: height }, (_, row) =>
      `${String(row)}, drawn ${row === 1 ? 'once' : String(drawn)} `.padEnd(columns, '-'),
    )
    return board
  })
  jest.advanceTimersByTime(turn)
  act(terminal, region)
  jest.advanceTimersByTime(3 * turn)
  region.close()
  jest.useRealTimers()
  return { lines: await linesAfter({ columns: 120, rows: 24 }, terminal.happenings), board }
}

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

describe('a terminal that gets another size shows the board once', () => {
  test.each([
    ['narrower', [40], 0],
    ['wide, narrow, wide, narrow, wide', [40, 120, 40, 120], 0],
    ['narrower, and the program is told later', [40], 3 * turn],
    ['narrow and wide, and the program is told later', [40, 120, 40, 120], 3 * turn],
  ])('%s', async (_, widths, delay) => {
    const { lines, board } = await draw(5, terminal => {
      for (const width of widths) {
        terminal.resize(width, 24, delay)
        jest.advanceTimersByTime(3 * turn)
      }
    })
    expect(lines).toEqual([...prompt, ...board])
  })

  test('dragged from wide to narrow', async () => {
    const { lines, board } = await draw(5, terminal => {
      for (let width = 119; width >= 30; width -= 1) {
        terminal.resize(width, 24, turn / 5)
        jest.advanceTimersByTime(turn / 10)
      }
    })
    expect(lines).toEqual([...prompt, ...board])
  })

  test('lower than the board, and higher again', async () => {
    const { lines, board } = await draw(20, terminal => {
      for (const rows of [10, 24]) {
        terminal.resize(120, rows, 0)
        jest.advanceTimersByTime(3 * turn)
      }
    })
    expect(lines).toEqual([...prompt, ...board])
  })
})

test('lines that are printed stay above the board, in their order', async () => {
  const { lines, board } = await draw(5, (_, region) => {
    region.printAbove('one')
    region.printAbove('two')
    jest.advanceTimersByTime(turn)
    region.printAbove('three')
  })
  expect(lines).toEqual([...prompt, 'one', 'two', 'three', ...board])
})

test('the lines that replace the board come after all that is printed', async () => {
  const { lines } = await draw(5, (_, region) => {
    region.printAbove('one')
    region.replaceWith(['the end'])
  })
  expect(lines).toEqual([...prompt, 'one', 'the end'])
})

test('a board that does not change is written once', () => {
  const terminal = new RecordedTerminal()
  const region = createLiveRegion(terminal, () => ['the same'])
  jest.advanceTimersByTime(10 * turn)
  region.close()
  expect(terminal.text().split('the same')).toHaveLength(2)
})

test('a terminal of one row has no room for a board, and does not scroll', () => {
  const terminal = new RecordedTerminal()
  terminal.rows = 1
  const region = createLiveRegion(terminal, () => ['the board'])
  jest.advanceTimersByTime(3 * turn)
  region.close()
  expect(terminal.text()).not.toContain('\n')
})
