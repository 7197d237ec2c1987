import { notify } from '../runtime/notify'

/** The load of a budget. */
export interface BudgetLoad {
  /** Requests in the queue. */
  readonly queue: number
  /** Milliseconds that the last queued request waits, approximately; 0 if there is none. */
  readonly wait: number
  /** The most requests admitted per minute, by the limits known now. */
  readonly rate: number
  /**
   * Milliseconds until an end is detected, approximately: the mean of the last ends, or half of `wait`
   * if that is more. Absent if the budget does not know it.
   */
  readonly lateness?: number | undefined
  /**
   * Uploads added per minute beyond `rate`, averaged over the last minutes. Each upload takes at least
   * one request, so above 0 the queue keeps growing; only fewer uploads or a higher rate help. Absent
   * if the budget does not know it.
   */
  readonly growth?: number | undefined
  /** The number of requests in flight. Absent if the budget does not know it. */
  readonly running?: number | undefined
  /**
   * Milliseconds for which all requests still wait, because of a `429` or an unreachable host; 0 if
   * they do not. Absent if the budget does not know it.
   */
  readonly pausedFor?: number | undefined
}

/**
 * A budget became saturated, or recovered. It is saturated when more uploads are watched than it can
 * serve, so that polls start late: from about `rate` times the mean duration of an upload in minutes.
 */
export interface BudgetEvent extends Required<BudgetLoad> {
  readonly _tag: 'Saturated' | 'Relieved'
}

/** A budget is saturated once a request has to wait this long, in ms. */
const longWait = 10_000

/**
 * Reports when a budget becomes saturated, and when its queue is empty again. Reads the load only when
 * it may matter.
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
