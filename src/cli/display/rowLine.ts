import stringWidth from 'string-width'
import { formatDuration } from './format'
import { rowAge, type Activity, type Phase, type Row } from './row'
import type { Paint } from './terminal'
import { padEnd, truncate, truncateMiddle } from './text'

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
  readonly [Each in Phase]: {
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
