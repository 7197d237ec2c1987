import { defer, tap, type MonoTypeOperatorFunction } from 'rxjs'
import stringWidth from 'string-width'
import type { UploadRef } from '../../api/uploadRef'
import { name as programName } from '../../../package.json'
import { monotonic } from '../../runtime/clock'
import { attemptLine } from './attempts'
import { formatCount, formatDuration } from './format'
import type { Detail } from './jsonLines'
import type { Progress } from './progress'
import { rowAge, type Activity, type Row } from './row'
import type { Paint } from './terminal'
import { padEnd, truncate, truncateMiddle } from './text'
import { noTotals, tapTotals, type Totals } from './totals'
import { tapEnd, type Update } from './updates'

type Output = Pick<NodeJS.WritableStream, 'write'>

/** The level of detail of the lines. */
export type LineDetail = Pick<Detail, 'summaryOnly' | 'verbose'>

/**
 * Writes each new status as a line of text, for terminals that cannot redraw, and at the end, or when
 * the run is interrupted, the totals.
 */
export const showLines =
  (
    output: Output,
    progress: Progress,
    { summaryOnly, verbose }: LineDetail,
    paint: Paint,
  ): MonoTypeOperatorFunction<Update> =>
  update$ =>
    defer(() => {
      let longestName = 0
      let totals = noTotals
      const start = monotonic()
      return update$.pipe(
        tapTotals(latest => {
          totals = latest
        }),
        tap(update => {
          const row = progress.apply(update)
          if (update.kind === 'removed' && !summaryOnly)
            output.write(`${removedLine(update.ref)}\n`)
          if (row === null || summaryOnly) return
          const attempt = verbose ? attemptLine(update, row.name) : null
          if (attempt !== null) output.write(`${attempt}\n`)
          longestName = Math.max(longestName, stringWidth(row.name))
          if (update.kind !== 'status' && update.kind !== 'invalidLine') return
          // Whole names: a person searches a log for them.
          const layout = { columns: Infinity, nameWidth: longestName, paint }
          output.write(`${rowLine(row, monotonic(), layout)}\n`)
        }),
        tapEnd(() => {
          output.write(`${totalsText(totals)}, ${formatDuration(monotonic() - start)}\n`)
        }),
      )
    })

/** The counts of the totals, in the order in which an upload passes them. */
export const phases = [
  'waiting',
  'pending',
  'processing',
  'completed',
  'failed',
  'unknown',
] as const

export type Phase = (typeof phases)[number]

/**
 * The totals as text, without the counts that are 0.
 *
 * ```
 * 3 of 7 settled: 4 processing, 2 completed, 1 failed, 1 removed
 * ```
 */
const totalsText = (totals: Totals): string => {
  const counts = phases.flatMap(phase =>
    totals[phase] === 0 ? [] : [`${formatCount(totals[phase])} ${phase}`],
  )
  const settled = `${formatCount(totals.settled)} of ${formatCount(totals.total)} settled`
  const removed = totals.removed === 0 ? [] : [`${formatCount(totals.removed)} removed`]
  return `${settled}: ${[...counts, ...removed].join(', ')}`
}

/** The line for an upload that is no longer watched. */
export const removedLine = ({ account, upload }: UploadRef): string =>
  `removed ${account}/${upload}`

/** Writes each warning as a line of text. */
export const showWarnings = (output: Output): MonoTypeOperatorFunction<Update> =>
  tap(update => {
    if (update.kind === 'warning' || update.kind === 'unwritten')
      output.write(`${programName}: ${update.message}\n`)
  })

/** The layout of the rows of one display. */
export interface RowLayout {
  /** Terminal columns in a line. */
  readonly columns: number
  /** Terminal columns for a name. */
  readonly nameWidth: number
  readonly paint: Paint
}

/** The minimum width of a complete line. A narrower one has only the symbol, the name and the age. */
const wideColumns = 50

/** Columns that are not for the name; in a wide line 20 of them are for the activity. */
const otherColumns = { narrow: 10, wide: 54 }

/** The layout for a terminal of `columns`, if the longest name is `longestName` columns wide. */
export const rowLayout = (longestName: number, columns: number, paint: Paint): RowLayout => {
  const available =
    columns < wideColumns
      ? columns - otherColumns.narrow
      : Math.max(12, columns - otherColumns.wide)
  return { columns, paint, nameWidth: Math.min(longestName, Math.max(4, available)) }
}

/**
 * One upload as a line of at most `columns` terminal columns.
 *
 * ```
 * ✓ completed   ofapi_…3f2a9c     8.1s   9 polls  video 123 in the vault
 * ```
 */
export const rowLine = (
  row: Row,
  now: number,
  { columns, nameWidth, paint }: RowLayout,
): string => {
  const { symbol, style } = appearances[row.state]
  const name = padEnd(truncateMiddle(row.name, nameWidth), nameWidth)
  const age = formatDuration(rowAge(row, now)).padStart(7)
  const polls = `${String(row.polls)} ${row.polls === 1 ? 'poll ' : 'polls'}`.padStart(9)
  const [state, details] =
    columns < wideColumns
      ? [symbol, ` ${name} ${age}`]
      : [`${symbol} ${row.state.padEnd(10)}`, `  ${name} ${age} ${polls}`]
  const rest = columns - stringWidth(state + details) - 2
  const activity = rest < 4 ? '' : `  ${truncate(activityText(row.activity, now), rest)}`
  return paint(style, state) + truncate(details + activity, columns - stringWidth(state))
}

const appearances: {
  readonly [State in Row['state']]: {
    readonly symbol: string
    readonly style: Parameters<Paint>[0]
  }
} = {
  waiting: { symbol: '·', style: 'dim' },
  pending: { symbol: '-', style: 'dim' },
  processing: { symbol: '›', style: 'cyan' },
  completed: { symbol: '✓', style: 'green' },
  failed: { symbol: '✗', style: 'red' },
  unknown: { symbol: '?', style: 'yellow' },
}

/** The sign of a phase, at the start of a row. */
export const symbolOf = (phase: Phase): string => appearances[phase].symbol

const activityText = (activity: Activity, now: number): string => {
  switch (activity.kind) {
    case 'queued':
    case 'requesting':
      return activity.kind
    case 'scheduled':
      return activity.at > now ? `poll in ${formatDuration(activity.at - now)}` : 'queued'
    case 'retrying':
      return activity.at > now
        ? `retry in ${formatDuration(activity.at - now)}: ${activity.reason}`
        : `queued: ${activity.reason}`
    case 'settled':
      return activity.result
  }
}
