import { formatDuration } from './display/format'
import { cut } from './display/text'
import type { Summary } from '../pipeline/summarize'
import type { Paint } from './display/terminal'
import { ageOf, type Row } from './display/row'

/** A bar is at most this long, and is left out where less than a third of it would fit. */
const longestBar = 30

/**
 * All uploads on one line.
 *
 * ```
 * ██████████░░░░░░░░░░ 3 of 6, 1 failed, 12s
 * ```
 */
export const overallLine = (
  rows: readonly Row[],
  { completed, failed, unknown, settled }: Summary,
  now: number,
  columns: number,
  paint: Paint,
): string => {
  const total = rows.length
  const text = [
    `${String(settled)} of ${String(total)}`,
    ...(failed === 0 ? [] : [`${String(failed)} failed`]),
    ...(unknown === 0 ? [] : [`${String(unknown)} unlearned`]),
    formatDuration(elapsedOf(rows, now)),
  ].join(', ')
  const length = Math.min(longestBar, columns - text.length - 1)
  if (length < longestBar / 3 || total === 0) return cut(text, columns)
  const upTo = (uploads: number): number => Math.round((uploads / total) * length)
  const good = upTo(completed)
  const bad = upTo(completed + failed)
  const ended = upTo(settled)
  return (
    paint('green', '█'.repeat(good)) +
    paint('red', '█'.repeat(bad - good)) +
    paint('yellow', '█'.repeat(ended - bad)) +
    paint('dim', '░'.repeat(length - ended)) +
    ` ${text}`
  )
}

/** From the first start to the last end, or to now. */
const elapsedOf = (rows: readonly Row[], now: number): number => {
  const start = rows.reduce((earliest, { since }) => Math.min(earliest, since), now)
  return rows.reduce((latest, row) => Math.max(latest, row.since + ageOf(row, now)), start) - start
}
