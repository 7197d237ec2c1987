import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { stripVTControlCharacters } from 'node:util'
import { boardLines, finalLines } from '../../../src/cli/display/board'
import { coloured, plain, type Paint } from '../../../src/cli/display/terminal'
import { newRow, type Activity, type Row } from '../../../src/cli/display/row'
import type { TerminalSize } from '../../../src/cli/display/terminal'
import type { Summary } from '../../../src/operators/summarize'

const settled = (result: string, at = 9_000): Activity => ({ kind: 'settled', at, result })
const rowOf = (name: string, members: Partial<Row> = {}): Row => ({
  ...newRow(name, 0),
  ...members,
})
const id = (n: number): string => `ofapi_media_${n.toString(16).padStart(32, '0')}`

const rows: readonly Row[] = [
  rowOf(id(1)),
  rowOf(id(2), { state: 'pending', polls: 1, activity: { kind: 'requesting' } }),
  rowOf(id(3), { state: 'processing', polls: 3, activity: { kind: 'scheduled', at: 12_100 } }),
  rowOf(id(4), {
    state: 'processing',
    polls: 2,
    activity: { kind: 'retrying', at: 10_400, reason: 'unavailable, HTTP 502' },
  }),
  rowOf(id(5), { state: 'completed', polls: 9, activity: settled('video 7 in the vault') }),
  rowOf(id(6), { state: 'failed', polls: 5, activity: settled('Failed to download the file.') }),
  rowOf(id(7), { state: 'unknown', activity: settled('rejected with HTTP 404') }),
]

const summaryOf = (all: readonly Row[]): Summary => {
  const count = (state: Row['state']): number => all.filter(row => row.state === state).length
  const ended = {
    completed: count('completed'),
    failed: count('failed'),
    unknown: count('unknown'),
  }
  const going = { pending: count('pending'), processing: count('processing') }
  const settled = ended.completed + ended.failed + ended.unknown
  const total = going.pending + going.processing + settled
  return { ...going, ...ended, total, settled, fraction: total === 0 ? 0 : settled / total }
}
const board = (
  all: readonly Row[],
  now: number,
  size: TerminalSize,
  paint: Paint,
): readonly string[] => boardLines(all, summaryOf(all), now, size, paint)
const final = (
  all: readonly Row[],
  now: number,
  size: TerminalSize,
  paint: Paint,
): readonly string[] => finalLines(all, summaryOf(all), now, size, paint)

describe('the board', () => {
  test('has a line per upload and a progress bar', () => {
    expect(board(rows, 10_000, { columns: 110, rows: 24 }, plain)).toEqual([
      '· waiting     ofapi_media_00000000000000000000000000000001     10s   0 polls  queued',
      '· pending     ofapi_media_00000000000000000000000000000002     10s   1 poll   requesting',
      '› processing  ofapi_media_00000000000000000000000000000003     10s   3 polls  poll in 2.1s',
      '› processing  ofapi_media_00000000000000000000000000000004     10s   2 polls  retry in 0.4s: unavailable, HTT…',
      '✓ completed   ofapi_media_00000000000000000000000000000005    9.0s   9 polls  video 7 in the vault',
      '✗ failed      ofapi_media_00000000000000000000000000000006    9.0s   5 polls  Failed to download the file.',
      '? unknown     ofapi_media_00000000000000000000000000000007    9.0s   0 polls  rejected with HTTP 404',
      '█████████████░░░░░░░░░░░░░░░░░ 3 of 7, 1 failed, 1 unknown, 10s',
    ])
  })

  test('has only symbol, name and age on a narrow terminal', () => {
    expect(board(rows.slice(2, 6), 10_000, { columns: 20, rows: 24 }, plain)).toEqual([
      '› ofa…000003     10s',
      '› ofa…000004     10s',
      '✓ ofa…000005    9.0s',
      '✗ ofa…000006    9.0s',
      '2 of 4, 1 failed, 1…',
    ])
  })

  test('shows the uploads that need attention if not all fit, in their order', () => {
    const lines = board(rows, 10_000, { columns: 60, rows: 6 }, plain)
    expect(lines.map(line => line.slice(0, 11).trimEnd())).toEqual([
      '› processin',
      '✗ failed',
      '? unknown',
      '… and 4 mor',
      '███████████',
    ])
  })

  test('says that a due watch is queued', () => {
    const due = rows.slice(2, 4)
    const lines = board(due, 20_000, { columns: 120, rows: 24 }, plain)
    expect(lines[0]).toMatch(/ queued$/)
    expect(lines[1]).toMatch(/ queued: unavailable, HTTP 502$/)
  })

  test('has a line before the first upload', () => {
    expect(board([], 10_000, { columns: 80, rows: 24 }, plain)).toEqual(['0 of 0, 0.0s'])
  })

  const anyRow = fc.record({
    name: fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
    row: fc.constantFrom(...rows),
  })
  const size = fc.record({
    columns: fc.integer({ min: 1, max: 200 }),
    rows: fc.integer({ min: 1, max: 60 }),
  })

  test('fits any terminal', () => {
    fc.assert(
      fc.property(
        fc.array(anyRow, { maxLength: 80 }),
        size,
        fc.nat(10_000_000),
        (any, terminal, now) => {
          const all = any.map(({ name, row }) => ({ ...row, name }))
          const lines = board(all, now, terminal, plain)
          expect(lines.length).toBeLessThanOrEqual(Math.max(1, terminal.rows - 1))
          for (const line of lines)
            expect(Array.from(line).length).toBeLessThanOrEqual(terminal.columns)
        },
      ),
    )
  })

  test('has the same text with and without colours', () => {
    fc.assert(
      fc.property(size, terminal => {
        const painted = board(rows, 10_000, terminal, coloured)
        expect(painted.map(stripVTControlCharacters)).toEqual(board(rows, 10_000, terminal, plain))
      }),
    )
  })

  test('fills the bar at the end, whatever the counts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...rows.slice(4)), { minLength: 1, maxLength: 50 }),
        ended => {
          const bar = board(ended, 10_000, { columns: 100, rows: 60 }, plain).at(-1)
          expect(bar).toMatch(/^█{30} /)
        },
      ),
    )
  })
})

describe('the final lines', () => {
  test('contain the names and results that the board truncates', () => {
    expect(final(rows.slice(4, 6), 10_000, { columns: 60, rows: 24 }, plain)).toEqual([
      'ofapi_media_00000000000000000000000000000006: Failed to download the file.',
      '✓ completed   ofa…00000005    9.0s   9 polls  video 7 in th…',
      '✗ failed      ofa…00000006    9.0s   5 polls  Failed to dow…',
      '██████████████████████████████ 2 of 2, 1 failed, 9.0s',
    ])
  })

  test('repeat nothing that the board shows', () => {
    const size = { columns: 120, rows: 24 }
    expect(final(rows.slice(4), 10_000, size, plain)).toEqual(
      board(rows.slice(4), 10_000, size, plain),
    )
  })

  test('name every upload that is not completed, however small the terminal', () => {
    const many = Array.from({ length: 100 }, (_, n) =>
      rowOf(id(n), { state: 'failed', activity: settled('No.') }),
    )
    const text = final(many, 10_000, { columns: 40, rows: 10 }, plain).join('\n')
    for (const { name } of many) expect(text).toContain(`${name}: No.`)
  })
})
