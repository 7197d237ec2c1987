import type { SchedulerLike } from 'rxjs'
import type { WatchOptions } from '../options'

/**
 * Returns the options that run a watch in the virtual time of a scheduler, for marble tests.
 *
 * `random` is always 0.5: the default schedule waits 5 % less than without jitter, and a retry waits
 * half of its maximum backoff. Pass a `schedule` such as `spaced(1_000)` for exact times.
 *
 * @param scheduler a `TestScheduler`, inside its `run`
 *
 * @example
 * const scheduler = new TestScheduler((actual, expected) => {
 *   if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new Error('not as expected')
 * })
 * scheduler.run(({ cold, expectObservable }) => {
 *   const c = either.left(failure)
 *   const request = () => cold<typeof c>('5ms (c|)', { c })
 *   const options = { ...inVirtualTime(scheduler), request, retry: { retries: 0 } }
 *   const end$ = uploadStatus$('acct_1', 'ofapi_media_1', options).pipe(map(end => end._tag))
 *   expectObservable(end$).toBe('5ms (l|)', { l: 'Left' })
 * })
 */
export const inVirtualTime = (
  scheduler: Pick<SchedulerLike, 'now'>,
): Pick<WatchOptions, 'clock' | 'random'> => ({
  clock: () => scheduler.now(),
  random: () => 0.5,
})
