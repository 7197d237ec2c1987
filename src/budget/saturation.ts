import { notify } from '../runtime/notify'

/** How busy a budget is. */
export interface BudgetLoad {
  /** Requests in the queue. */
  readonly queue: number
  /** Milliseconds, about, that the last of them has to wait; 0 if there is none. */
  readonly wait: number
  /** The most requests per minute that are admitted, by the limits known now. */
  readonly rate: number
}

/**
 * A budget became, or is no longer, saturated: more uploads are watched than it can serve, and
 * polls come later than they are due. That is so from about `rate` times the mean duration of an
 * upload, in minutes, on.
 */
export interface BudgetEvent extends BudgetLoad {
  readonly _tag: 'Saturated' | 'Relieved'
}

/** A budget is saturated from the moment that a request has to wait this long, in ms. */
const longWait = 10_000

/**
 * Notifies when a budget becomes saturated, and when nothing is queued any more. The load is read
 * only where it can matter.
 */
export const saturation = (
  load: () => BudgetLoad,
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
