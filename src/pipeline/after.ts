import { asyncScheduler, Subscription, type Unsubscribable } from 'rxjs'
import { longestTimer } from './clock'

/** Does something once, so many milliseconds from now and never in the same turn. */
export type After = (ms: number, work: () => void) => Unsubscribable

/**
 * Does something once, `ms` milliseconds from now and never in the same turn. Longer than a timer
 * can be is waited for in parts, where a timer would fire at once; `Infinity` never comes.
 */
export const after = (ms: number, work: () => void): Subscription =>
  ms === Infinity
    ? Subscription.EMPTY
    : asyncScheduler.schedule<number>(
        function (left) {
          if (left !== undefined && left > 0)
            this.schedule(left - longestTimer, Math.min(left, longestTimer))
          else work()
        },
        // Node warns of a negative delay.
        Math.min(Math.max(ms, 0), longestTimer),
        ms - longestTimer,
      )
