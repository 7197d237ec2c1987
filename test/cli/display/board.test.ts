import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { stripVTControlCharacters } from 'node:util'
import { boardLines, finalLines } from '../../../src/cli/display/board'
import { headerLine } from '../../../src/cli/display/header'
import { coloured, plain, type Paint } from '../../../src/cli/display/terminal'
import { newRow, type Activity, type Row } from '../../../src/cli/display/row'
import type { TerminalSize } from '../../../src/cli/display/terminal'
import type { Totals } from '../../../src/cli/display/totals'

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

const totalsOf = (all: readonly Row[]): Totals => {
  const count = (state: Row['state']): number => all.filter(row => row.state === state).length
  const ended = {
    completed: count('completed'),
    failed: count('failed'),
    unknown: count('unknown'),
  }
  const going = { pending: count('pending'), processing: count('processing') }
  const settled = ended.completed + ended.failed + ended.unknown
  const waiting = count('waiting')
  const total = waiting + going.pending + going.processing + settled
  return {
    removed: 0,
    waiting,
    ...going,
    ...ended,
    total,
    settled,
    fraction: total === 0 ? 0 : settled / total,
  }
}
const board = (
  all: readonly Row[],
  now: number,
  size: TerminalSize,
  paint: Paint,
): readonly string[] =>
  boardLines({ rows: all, totals: totalsOf(all), perMinute: 60, now }, size, paint)
const final = (
  all: readonly Row[],
  now: number,
  size: TerminalSize,
  paint: Paint,
): readonly string[] =>
  finalLines({ rows: all, totals: totalsOf(all), perMinute: 60, now }, size, paint)

describe('the board', () => {
  test('has a header, a line per upload with running ones first, the counts and a bar', () => {
    expect(board(rows, 10_000, { columns: 110, rows: 24 }, plain)).toEqual([
      '7 uploads at 60/min: 6 of 7 polled, ETA 13s',
      '- pending     ofapi_media_00000000000000000000000000000002     10s   1 poll   requesting',
      '› processing  ofapi_media_00000000000000000000000000000003     10s   3 polls  poll in 2.1s',
      '› processing  ofapi_media_00000000000000000000000000000004     10s   2 polls  retry in 0.4s: unavailable, HTT…',
      '✗ failed      ofapi_media_00000000000000000000000000000006    9.0s   5 polls  Failed to download the file.',
      '? unknown     ofapi_media_00000000000000000000000000000007    9.0s   0 polls  rejected with HTTP 404',
      '· waiting     ofapi_media_00000000000000000000000000000001     10s   0 polls  queued',
      '✓ completed   ofapi_media_00000000000000000000000000000005    9.0s   9 polls  video 7 in the vault',
      '· 1 waiting  - 1 pending  › 2 processing  ✓ 1 completed  ✗ 1 failed  ? 1 unknown',
      '█████████████░░░░░░░░░░░░░░░░░ 3 of 7 settled, 1 failed, 1 unknown, 10s',
    ])
  })

  test('has only sign, name and age on a narrow terminal', () => {
    expect(board(rows.slice(2, 6), 10_000, { columns: 20, rows: 24 }, plain)).toEqual([
      '60/min, 4 polled, E…',
      '› ofa…000003     10s',
      '› ofa…000004     10s',
      '✗ ofa…000006    9.0s',
      '✓ ofa…000005    9.0s',
      '› 2  ✓ 1  ✗ 1',
      '2 of 4 settled, 1 f…',
    ])
  })

  test('keeps its last line on a low terminal', () => {
    const lines = board(rows, 10_000, { columns: 60, rows: 6 }, plain)
    expect(lines.map(line => line.slice(0, 11).trimEnd())).toEqual([
      '- pending',
      '› processin',
      '✗ failed',
      '… and 4 mor',
      '████████░░░',
    ])
  })

  test.each([
    [80, 24],
    [40, 10],
    [200, 50],
  ])(
    'of %d by %d shows running and failed uploads and the ETA, of 10,000 uploads',
    (columns, height) => {
      const many = Array.from({ length: 10_000 }, (_, n) => {
        if (n % 100 === 0)
          return rowOf(id(n), { state: 'failed', attempts: 1, activity: settled('No.', n) })
        if (n < 5_000)
          return rowOf(id(n), { state: 'completed', attempts: 1, activity: settled('', n) })
        return rowOf(id(n), n < 9_000 ? { state: 'processing', attempts: 1 } : {})
      })
      const lines = board(many, 10_000, { columns, rows: height }, plain)
      expect(lines).toHaveLength(height - 1)
      expect(lines[0]).toMatch(/60\/min.* 9,010 .*ETA /)
      expect(lines[1]).toMatch(/^›/)
      const failedLines = lines.filter(line => line.startsWith('✗'))
      expect(failedLines.length).toBeGreaterThan(1)
      expect(failedLines[0]).toContain((9_900).toString(16))
      expect(lines.at(-2)).toMatch(/^· 990.*› 3,960.*✓ 4,950.*✗ 100/)
      expect(lines.at(-1)).toContain('5,050 of 10,000')
    },
  )

  test('shows how long the first pass takes, and its progress', () => {
    const many = Array.from({ length: 10_000 }, (_, n) =>
      rowOf(id(n), { attempts: n < 312 ? 1 : 0 }),
    )
    const [header] = board(many, 10_000, { columns: 80, rows: 24 }, plain)
    expect(header).toBe('10,000 uploads at 60/min: first pass 2h 46m, 312 of 10,000 polled')
  })

  test('says no rate if others poll', () => {
    const header = (columns: number): string =>
      headerLine({ rows, totals: totalsOf(rows), perMinute: Infinity, now: 10_000 }, columns)
    expect(header(80)).toMatch(/^7 uploads: 6 of 7 polled, ETA [\d.]+s$/)
    expect(header(20)).toMatch(/^6 polled, ETA [\d.]+s$/)
  })

  test('shows that a due watch is queued', () => {
    const due = rows.slice(2, 4)
    const lines = board(due, 20_000, { columns: 120, rows: 24 }, plain)
    expect(lines[1]).toMatch(/ queued$/)
    expect(lines[2]).toMatch(/ queued: unavailable, HTTP 502$/)
  })

  test('has a header and counts before the first upload', () => {
    expect(board([], 10_000, { columns: 80, rows: 24 }, plain)).toEqual([
      '0 uploads at 60/min: 0 of 0 polled',
      '',
      '0 of 0 settled, 0.0s',
    ])
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
      '2 uploads at 60/min: 2 of 2 polled',
      '✗ failed      ofa…00000006    9.0s   5 polls  Failed to dow…',
      '✓ completed   ofa…00000005    9.0s   9 polls  video 7 in th…',
      '✓ 1 completed  ✗ 1 failed',
      '█████████████████████████████ 2 of 2 settled, 1 failed, 9.0s',
    ])
  })

  test('do not repeat what the board shows', () => {
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
