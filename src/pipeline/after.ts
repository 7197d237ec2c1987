import { asyncScheduler, Subscription, type Unsubscribable } from 'rxjs'
import { longestTimer, monotonic, timerFired } from './clock'

/** Does something once, so many milliseconds from now and never in the same turn. */
export type After = (ms: number, work: () => void) => Unsubscribable

/**
 * Does something once, `ms` milliseconds from now and never in the same turn. A wait that is longer
 * than the longest timer is split: one timer would fire at once. `Infinity` never comes.
 */
export const after = (ms: number, work: () => void): Subscription => {
  if (ms === Infinity) return Subscription.EMPTY
  const at = monotonic() + ms
  return asyncScheduler.schedule<number>(
    function (left) {
      if (left !== undefined && left > 0)
        this.schedule(left - longestTimer, Math.min(left, longestTimer))
      else {
        timerFired(at)
        work()
      }
    },
    // Node warns of a negative delay.
    Math.min(Math.max(ms, 0), longestTimer),
    ms - longestTimer,
  )
}
