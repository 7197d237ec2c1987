import { formatCount, formatDuration } from './format'
import type { Row } from './row'
import { truncate } from './text'
import type { Totals } from './totals'

/** The state of a board. Times are milliseconds of the display's clock. */
export interface BoardState {
  readonly rows: readonly Row[]
  readonly totals: Totals
  /** Requests per minute, for all uploads together; Infinity if others poll, at their own rate. */
  readonly perMinute: number
  readonly now: number
}

/** Milliseconds until each upload has been polled once. A new budget allows a burst. */
export const firstPassDuration = (uploads: number, perMinute: number): number =>
  (Math.max(0, uploads - Math.ceil(perMinute / 6)) / perMinute) * 60_000

/**
 * Milliseconds until all uploads have ended: as fast as they ended so far, but not before each was
 * polled once. Null until one has ended.
 */
const timeLeft = ({ rows, totals, perMinute, now }: BoardState, polled: number): number | null => {
  const { total, settled } = totals
  if (settled === 0 || settled === total) return null
  const start = rows.reduce((first, { startedAt }) => Math.min(first, startedAt), now)
  const firstPassLeft = ((total - polled) / perMinute) * 60_000
  return Math.max(firstPassLeft, ((now - start) / settled) * (total - settled))
}

/** Whether the status of an upload was requested. */
export const isPolled = ({ state, attempts }: Row): boolean => attempts > 0 || state !== 'waiting'

/**
 * How long a run takes, and how far it is; in few words if `columns` are too few.
 *
 * ```
 * 10,000 uploads at 60/min: first pass 2h 46m, 312 of 10,000 polled, ETA 2h 41m
 * 60/min, 312 polled, ETA 2h 41m
 * ```
 */
export const headerLine = (state: BoardState, columns: number): string => {
  const { rows, totals, perMinute } = state
  const { total } = totals
  const polled = rows.filter(isPolled).length
  const left = timeLeft(state, polled)
  const eta = left === null ? '' : `, ETA ${formatDuration(left)}`
  const rate = perMinute === Infinity ? '' : `${formatCount(perMinute)}/min`
  const duration = firstPassDuration(total, perMinute)
  const pass = duration === 0 ? '' : `first pass ${formatDuration(duration)}, `
  const text =
    `${formatCount(total)} ${total === 1 ? 'upload' : 'uploads'}${rate && ` at ${rate}`}: ${pass}` +
    `${formatCount(polled)} of ${formatCount(total)} polled${eta}`
  return text.length <= columns
    ? text
    : truncate(`${rate && `${rate}, `}${formatCount(polled)} polled${eta}`, columns)
}
