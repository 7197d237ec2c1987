import {
  asyncScheduler,
  NEVER,
  Subscription,
  switchMap,
  tap,
  timer,
  type Observable,
  type SchedulerLike,
  type Unsubscribable,
} from 'rxjs'
import { longestTimer, monotonic, timerFired } from './clock'

/** Runs `work` once after `ms` milliseconds, never in the same turn. */
export type After = (ms: number, work: () => void) => Unsubscribable

/**
 * Runs `work` once after `ms` milliseconds, never in the same turn. A wait longer than the longest
 * timer is split, because such a timer would fire immediately. `Infinity` never fires.
 */
export const after = (ms: number, work: () => void): Subscription => {
  if (ms === Infinity) return Subscription.EMPTY
  const at = monotonic() + ms
  return asyncScheduler.schedule<number>(
    function (left = 0) {
      if (left > 0) this.schedule(left - longestTimer, Math.min(left, longestTimer))
      else {
        timerFired(at)
        work()
      }
    },
    // Node warns about a negative delay.
    Math.min(Math.max(ms, 0), longestTimer),
    ms - longestTimer,
  )
}

/**
 * Emits once after `ms` milliseconds, never in the same turn. A timer of more than 2^31-1 ms would
 * fire immediately, so longer waits are split. `Infinity` never emits.
 */
export const wait$ = (
  ms: number,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<unknown> => {
  if (ms === Infinity) return NEVER
  if (ms > longestTimer)
    return timer(longestTimer, scheduler).pipe(switchMap(() => wait$(ms - longestTimer, scheduler)))
  const at = monotonic() + ms
  return timer(Math.max(0, ms), scheduler).pipe(
    tap(() => {
      timerFired(at)
    }),
  )
}
