import { from, Observable, type ObservableInput } from 'rxjs'
import type { TrackedStatus } from './model/trackedStatus'
import { settingsOf, type WatchOptions } from './options'
import { requestBudget } from './pipeline/budget'
import { longestTimer } from './pipeline/clock'
import type { ExpectedUpload } from './pipeline/running'
import { withRefusedKey } from './pipeline/refusedKey'
import { createWatches } from './pipeline/watches'
import type { Follower } from './sharedWatch'
import { shareWatches, type SharedWatches } from './sharedWatches'
import { statusRequest } from './statusRequest'

/** The options of all watches of a stream; see {@link WatchOptions}. */
export interface WatchManyOptions extends WatchOptions {
  /**
   * Shared by all watches of the stream.
   *
   * @default one of 32 requests in flight, which learns from the server how many it allows a minute
   */
  readonly budget?: WatchOptions['budget']
}

/**
 * Watches many uploads, and merges what becomes of them into one stream.
 *
 * ```
 * uploads   a b     a      c|
 * emits       a:pending  b:completed  c:pending  a:failed  c:completed|
 * ```
 *
 * - `uploads` is an iterable, a promise or an observable; more may come while the stream runs.
 *   Each is watched once, however often it is named.
 * - Each upload obeys the grammar of a watch: statuses, then a terminal one or a failure. What
 *   befalls one does not touch the others; a reference that is not valid ends with
 *   `Left(InvalidRequest)`.
 * - Completes when `uploads` has and every watch has ended. If `uploads` errors, what was named
 *   before is watched to its end; then the error follows.
 * - All share one timer and one budget. Who is overdue the longest is polled first. With a `hint`,
 *   an upload is polled first where its end is likely.
 * - Unsubscribing stops everything at once.
 *
 * @param uploads references; `hint` is how long an upload is expected to take, in milliseconds
 * @throws TypeError or RangeError that names an option which makes no sense
 *
 * @example
 * const uploads = ['ofapi_media_1', 'ofapi_media_2'].map(upload => ({ account: 'acct_1', upload }))
 * uploadStatuses$(uploads, { budget: requestBudget({ perMinute: 600 }) }).subscribe(
 *   ({ upload, status }) => console.log(upload, status._tag),
 * )
 *
 * @see docs/performance.md for what it costs
 */
export const uploadStatuses$ = (
  uploads: ObservableInput<ExpectedUpload>,
  options: WatchManyOptions = {},
): Observable<TrackedStatus> => {
  const budget = options.budget ?? requestBudget({ perMinute: longestTimer })
  const settings = settingsOf({ ...options, budget })
  return trackedStatuses$(uploads, () => {
    const own = withRefusedKey(settings)
    return shareWatches(createWatches(statusRequest(own), own), 0)
  })
}

/** Follows many uploads on watches that may have other followers too. */
export const trackedStatuses$ = (
  uploads: ObservableInput<ExpectedUpload>,
  sharedBy: () => SharedWatches,
  on?: Follower['on'],
): Observable<TrackedStatus> => {
  const uploads$ = from(uploads)
  return new Observable<TrackedStatus>(subscriber => {
    const shared = sharedBy()
    // The source, and every upload that has not ended.
    let open = 1
    let end = (): void => {
      subscriber.complete()
    }
    const close = (): void => {
      open -= 1
      if (open === 0) end()
    }
    const follower: Follower = {
      on,
      next: ({ account, upload }, status) => {
        subscriber.next({ account, upload, status })
      },
      complete: close,
      error: defect => {
        subscriber.error(defect)
      },
    }
    subscriber.add(() => {
      shared.leave(follower)
    })
    subscriber.add(
      uploads$.subscribe({
        next: ref => {
          open += 1
          if (!shared.follow(ref, follower)) close()
        },
        error: (error: unknown) => {
          end = () => {
            subscriber.error(error)
          }
          close()
        },
        complete: close,
      }),
    )
  })
}
