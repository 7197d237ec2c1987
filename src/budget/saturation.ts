import { notify } from '../runtime/notify'

/** How busy a budget is. */
export interface BudgetLoad {
  /** Requests in the queue. */
  readonly queue: number
  /** Milliseconds, about, that the last of them has to wait; 0 if there is none. */
  readonly wait: number
  /** The most requests per minute that are admitted, by the limits known now. */
  readonly rate: number
  /**
   * Milliseconds, about, that an end is noticed late: the mean of the last ends, or half of `wait`
   * where that is more. A budget that does not know has none.
   */
  readonly lateness?: number | undefined
  /**
   * Uploads per minute that are added beyond `rate`, in the mean of the last minutes. Each takes a
   * request at least, so above 0 the queue grows without end if this goes on: no order of requests
   * helps, only fewer uploads or a higher rate. A budget that does not know has none.
   */
  readonly growth?: number | undefined
  /** Requests in flight. A budget that does not know has none. */
  readonly running?: number | undefined
  /**
   * Milliseconds that every request still waits, because a `429` asked for it or the host cannot be
   * reached; 0 if none does. A budget that does not know has none.
   */
  readonly pausedFor?: number | undefined
}

/**
 * A budget became, or is no longer, saturated: more uploads are watched than it can serve, and
 * polls come later than they are due. That is so from about `rate` times the mean duration of an
 * upload, in minutes, on.
 */
export interface BudgetEvent extends Required<BudgetLoad> {
  readonly _tag: 'Saturated' | 'Relieved'
}

/** A budget is saturated from the moment that a request has to wait this long, in ms. */
const longWait = 10_000

/**
 * Notifies when a budget becomes saturated, and when nothing is queued any more. The load is read
 * only where it can matter.
 */
export const saturation = (
  load: () => Required<BudgetLoad>,
  on: ((event: BudgetEvent) => void) | undefined,
): ((queued: number) => void) => {
  let isSaturated = false
  return queued => {
    if (queued === 0 && !isSaturated) return
    const now = load()
    if (isSaturated ? now.queue > 0 : now.wait <= longWait) return
    isSaturated = !isSaturated
    notify(on, { _tag: isSaturated ? 'Saturated' : 'Relieved', ...now })
  }
}
