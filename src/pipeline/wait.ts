import { asyncScheduler, NEVER, switchMap, timer, type Observable, type SchedulerLike } from 'rxjs'
import { longestTimer } from './clock'

/**
 * Emits once after `ms` milliseconds, never in the same turn. A timer of more than 2^31-1 ms would
 * fire at once, so longer waits are split; `Infinity` never emits.
 */
export const wait$ = (
  ms: number,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<unknown> => {
  if (ms === Infinity) return NEVER
  if (ms <= longestTimer) return timer(Math.max(0, ms), scheduler)
  return timer(longestTimer, scheduler).pipe(switchMap(() => wait$(ms - longestTimer, scheduler)))
}
