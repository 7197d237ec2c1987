import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { stripVTControlCharacters } from 'node:util'
import { boardLines, finalLines } from '../../../src/cli/display/board'
import { coloured, plain, type Paint } from '../../../src/cli/display/terminal'
import { newRow, type Activity, type Row } from '../../../src/cli/display/row'
import type { Size } from '../../../src/cli/screen'
import type { Summary } from '../../../src/pipeline/summarize'

const settled = (result: string, at = 9_000): Activity => ({ kind: 'settled', at, result })
const rowOf = (name: string, members: Partial<Row> = {}): Row => ({
  ...newRow(name, 0),
  ...members,
})
const id = (n: number): string => `ofapi_media_${n.toString(16).padStart(32, '0')}`

const rows: readonly Row[] = [
  rowOf(id(1)),
  rowOf(id(2), { state: 'pending', polls: 1, activity: { kind: 'asking' } }),
  rowOf(id(3), { state: 'processing', polls: 3, activity: { kind: 'scheduled', at: 12_100 } }),
  rowOf(id(4), {
    state: 'processing',
    polls: 2,
    activity: { kind: 'retrying', at: 10_400, because: 'unavailable, HTTP 502' },
  }),
  rowOf(id(5), { state: 'completed', polls: 9, activity: settled('video 7 in the vault') }),
  rowOf(id(6), { state: 'failed', polls: 5, activity: settled('Failed to download the file.') }),
  rowOf(id(7), { state: 'unlearned', activity: settled('rejected with HTTP 404') }),
]

const summaryOf = (all: readonly Row[]): Summary => {
  const count = (state: Row['state']): number => all.filter(row => row.state === state).length
  const ended = {
    completed: count('completed'),
    failed: count('failed'),
    unknown: count('unlearned'),
  }
  const going = { pending: count('pending'), processing: count('processing') }
  const settled = ended.completed + ended.failed + ended.unknown
  const total = going.pending + going.processing + settled
  return { ...going, ...ended, total, settled, fraction: total === 0 ? 0 : settled / total }
}
const board = (all: readonly Row[], now: number, size: Size, paint: Paint): readonly string[] =>
  boardLines(all, summaryOf(all), now, size, paint)
const final = (all: readonly Row[], now: number, size: Size, paint: Paint): readonly string[] =>
  finalLines(all, summaryOf(all), now, size, paint)

describe('the board', () => {
  test('has a line for each upload and one for all', () => {
    expect(board(rows, 10_000, { columns: 110, rows: 24 }, plain)).toEqual([
      '· waiting     ofapi_media_00000000000000000000000000000001     10s   0 polls  queued',
      '· pending     ofapi_media_00000000000000000000000000000002     10s   1 poll   asking',
      '› processing  ofapi_media_00000000000000000000000000000003     10s   3 polls  poll in 2.1s',
      '› processing  ofapi_media_00000000000000000000000000000004     10s   2 polls  retry in 0.4s: unavailable, HTT…',
      '✓ completed   ofapi_media_00000000000000000000000000000005    9.0s   9 polls  video 7 in the vault',
      '✗ failed      ofapi_media_00000000000000000000000000000006    9.0s   5 polls  Failed to download the file.',
      '? unlearned   ofapi_media_00000000000000000000000000000007    9.0s   0 polls  rejected with HTTP 404',
      '█████████████░░░░░░░░░░░░░░░░░ 3 of 7, 1 failed, 1 unlearned, 10s',
    ])
  })

  test('is narrow on a narrow terminal', () => {
    expect(board(rows.slice(2, 6), 10_000, { columns: 20, rows: 24 }, plain)).toEqual([
      '› ofa…000003     10s',
      '› ofa…000004     10s',
      '✓ ofa…000005    9.0s',
      '✗ ofa…000006    9.0s',
      '2 of 4, 1 failed, 1…',
    ])
  })

  test('shows what deserves attention where not all have room, in their order', () => {
    const lines = board(rows, 10_000, { columns: 60, rows: 6 }, plain)
    expect(lines.map(line => line.slice(0, 11).trimEnd())).toEqual([
      '› processin',
      '✗ failed',
      '? unlearned',
      '… and 4 mor',
      '███████████',
    ])
  })

  test('says that a watch that is due waits for its turn', () => {
    const due = rows.slice(2, 4)
    const lines = board(due, 20_000, { columns: 120, rows: 24 }, plain)
    expect(lines[0]).toMatch(/ queued$/)
    expect(lines[1]).toMatch(/ queued: unavailable, HTTP 502$/)
  })

  test('has something to say before it knows of any upload', () => {
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

  test('is the same in colours', () => {
    fc.assert(
      fc.property(size, terminal => {
        const painted = board(rows, 10_000, terminal, coloured)
        expect(painted.map(stripVTControlCharacters)).toEqual(board(rows, 10_000, terminal, plain))
      }),
    )
  })

  test('fills its bar at the end, whatever the shares', () => {
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

describe('the board that stays', () => {
  test('says names and reasons that it had to cut in full', () => {
    expect(final(rows.slice(4, 6), 10_000, { columns: 60, rows: 24 }, plain)).toEqual([
      'ofapi_media_00000000000000000000000000000006: Failed to download the file.',
      '✓ completed   ofa…00000005    9.0s   9 polls  video 7 in th…',
      '✗ failed      ofa…00000006    9.0s   5 polls  Failed to dow…',
      '██████████████████████████████ 2 of 2, 1 failed, 9.0s',
    ])
  })

  test('says nothing twice', () => {
    const size = { columns: 120, rows: 24 }
    expect(final(rows.slice(4), 10_000, size, plain)).toEqual(
      board(rows.slice(4), 10_000, size, plain),
    )
  })

  test('names every upload that was not completed, however small the terminal', () => {
    const many = Array.from({ length: 100 }, (_, n) =>
      rowOf(id(n), { state: 'failed', activity: settled('No.') }),
    )
    const text = final(many, 10_000, { columns: 40, rows: 10 }, plain).join('\n')
    for (const { name } of many) expect(text).toContain(`${name}: No.`)
  })
})
