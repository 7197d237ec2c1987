import {
  asyncScheduler,
  NEVER,
  switchMap,
  tap,
  timer,
  type Observable,
  type SchedulerLike,
  type Subscription,
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
  return timer(ms, scheduler).pipe(
    tap(() => {
      timerFired(at)
    }),
  )
}

/** Runs `work` once after `ms` milliseconds, by `wait$`. */
export const after = (ms: number, work: () => void): Subscription =>
  // A wait never errors.
  // eslint-disable-next-line rxjs-x/no-ignored-error
  wait$(ms).subscribe(work)

/**
 * Runs `work` once after `ms` milliseconds, unless `life` ends before.
 *
 * When the event loop was blocked or the process stopped, its timers run before it reads what has
 * arrived meanwhile. A single timer would discard an answer that is already there. So this uses two, of
 * half the time each: the second one leaves time to read.
 */
export const onTimeout = (
  life: Subscription,
  ms: number,
  work: () => void,
  wait: After = after,
): void => {
  const half = Math.floor(ms / 2)
  life.add(
    wait(half, () => {
      life.add(wait(ms - half, work))
    }),
  )
}
