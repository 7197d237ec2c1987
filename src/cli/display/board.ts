import stringWidth from 'string-width'
import { formatCount, formatDuration } from './format'
import { headerLine, isPolled, type BoardState } from './header'
import { phases, rowAge, type Phase, type Row } from './row'
import { rowLayout, rowLine, symbolOf } from './rowLine'
import type { Paint, TerminalSize } from './terminal'
import { truncate } from './text'
import type { Totals } from './totals'

/** The minimum number of lines for a board with header and counts. */
const tallRows = 8

/**
 * The live board: how long the run takes, one line per upload, the counts, and a progress bar. If
 * there are more uploads than lines, it shows the ones that need attention first.
 */
export const boardLines = (
  state: BoardState,
  size: TerminalSize,
  paint: Paint,
): readonly string[] => {
  const { rows, now } = state
  const isTall = size.rows >= tallRows
  // Reserves one line for the cursor and one for the progress bar.
  const available = Math.max(0, size.rows - (isTall ? 4 : 2))
  const sorted = inOrder(rows, available)
  const shown = rows.length > available ? sorted.slice(0, Math.max(0, available - 1)) : sorted
  const longestName = shown.reduce((width, { name }) => Math.max(width, stringWidth(name)), 0)
  const layout = rowLayout(longestName, size.columns, paint)
  const tall = (line: () => string): readonly string[] => (isTall ? [line()] : [])
  return [
    ...tall(() => headerLine(state, size.columns)),
    ...shown.map(row => rowLine(row, now, layout)),
    ...(available > 0 && shown.length < rows.length
      ? [truncate(`… and ${formatCount(rows.length - shown.length)} more`, size.columns)]
      : []),
    ...tall(() => countsLine(state.totals, size.columns)),
    progressLine(state, size.columns, paint),
  ]
}

/**
 * The lines that stay on the terminal at the end: the board, and above it the full name and result
 * of each upload that is not completed, unless the board shows them in full.
 */
export const finalLines = (
  state: BoardState,
  size: TerminalSize,
  paint: Paint,
): readonly string[] => {
  const board = boardLines(state, size, paint)
  const results = state.rows.flatMap(({ name, state: phase, activity }) => {
    if (phase === 'completed' || activity.kind !== 'settled') return []
    const { result } = activity
    const isShown = board.some(line => line.includes(name) && line.includes(result))
    return isShown ? [] : [`${name}: ${result}`]
  })
  return [...results, ...board]
}

const groupOf = (row: Row): 'running' | 'failed' | 'waiting' | 'ended' => {
  if (row.activity.kind !== 'settled') return isPolled(row) ? 'running' : 'waiting'
  return row.state === 'completed' ? 'ended' : 'failed'
}

const newestFirst = (rows: readonly Row[]): readonly Row[] => {
  const endOf = ({ activity }: Row): number => (activity.kind === 'settled' ? activity.at : 0)
  return rows.toSorted((one, other) => endOf(other) - endOf(one))
}

/**
 * Uploads that run, then those that failed or are unknown, the newest first, then those that wait,
 * then the completed ones. Up to a third of the lines is kept for what failed, so that many that run
 * do not hide it. Groups, not a sort: this runs ten times a second on as many as 10,000 rows.
 */
const inOrder = (rows: readonly Row[], lines: number): readonly Row[] => {
  const running: Row[] = []
  const failed: Row[] = []
  const waiting: Row[] = []
  const ended: Row[] = []
  const groups = { running, failed, waiting, ended }
  for (const row of rows) groups[groupOf(row)].push(row)
  const forFailed = Math.min(failed.length, Math.floor(lines / 3))
  const first = rows.length > lines ? running.slice(0, lines - 1 - forFailed) : running
  return [
    ...first,
    ...newestFirst(failed),
    ...running.slice(first.length),
    ...waiting,
    ...newestFirst(ended),
  ]
}

/**
 * How many uploads are where; the signs are those of the rows. If the words do not fit, there are
 * only the signs.
 *
 * ```
 * · 4 waiting  › 2 processing  ✓ 1 completed  ✗ 1 failed
 * ```
 */
const countsLine = (totals: Totals, columns: number): string => {
  const counts = phases.filter(phase => totals[phase] > 0)
  const sign = (phase: Phase): string => `${symbolOf(phase)} ${formatCount(totals[phase])}`
  const words = counts.map(phase => `${sign(phase)} ${phase}`).join('  ')
  return stringWidth(words) <= columns ? words : truncate(counts.map(sign).join('  '), columns)
}

/** The longest progress bar. If less than a third of it fits, there is no bar. */
const longestBar = 30

/**
 * All uploads on one line.
 *
 * ```
 * ██████████░░░░░░░░░░ 3 of 6 settled, 1 failed, 12s
 * ```
 */
const progressLine = (
  { rows, totals: { completed, failed, unknown, settled, removed }, now }: BoardState,
  columns: number,
  paint: Paint,
): string => {
  const total = rows.length
  const text = [
    `${formatCount(settled)} of ${formatCount(total)} settled`,
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
    ...(unknown === 0 ? [] : [`${formatCount(unknown)} unknown`]),
    ...(removed === 0 ? [] : [`${formatCount(removed)} removed`]),
    formatDuration(elapsed(rows, now)),
  ].join(', ')
  const length = Math.min(longestBar, columns - text.length - 1)
  if (length < longestBar / 3 || total === 0) return truncate(text, columns)
  const scale = (uploads: number): number => Math.round((uploads / total) * length)
  const completedEnd = scale(completed)
  const failedEnd = scale(completed + failed)
  const settledEnd = scale(settled)
  return (
    paint('green', '█'.repeat(completedEnd)) +
    paint('red', '█'.repeat(failedEnd - completedEnd)) +
    paint('yellow', '█'.repeat(settledEnd - failedEnd)) +
    paint('dim', '░'.repeat(length - settledEnd)) +
    ` ${text}`
  )
}

/** The time from the first start to the last end, or until now. */
const elapsed = (rows: readonly Row[], now: number): number => {
  const start = rows.reduce((first, { startedAt }) => Math.min(first, startedAt), now)
  return rows.reduce((end, row) => Math.max(end, row.startedAt + rowAge(row, now)), start) - start
}
