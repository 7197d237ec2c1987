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

/** Runs `work` once after `ms` milliseconds, never in the same turn. `Infinity` never does. */
export type After = (ms: number, work: () => void) => Unsubscribable

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

/** Runs `work` once after `ms` milliseconds, by `wait$`. */
export const after = (ms: number, work: () => void): Subscription =>
  // A wait never errors.
  // eslint-disable-next-line rxjs-x/no-ignored-error
  ms === Infinity ? Subscription.EMPTY : wait$(ms).subscribe(work)
