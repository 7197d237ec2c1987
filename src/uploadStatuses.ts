import type { Observable, ObservableInput } from 'rxjs'
import type { FanslyUploadStatus } from './api/fansly'
import type { PlatformName } from './api/platformApi'
import type { UploadStatusOf } from './api/platforms'
import type {
  TrackedStatus,
  ExpectedFanslyUpload,
  RemovedUpload,
  UploadEntry,
} from './api/uploadRef'
import { withRefusedKey } from './http/refusedKey'
import { settingsOf, withBudget, type WatchOptions } from './options'
import { longestTimer } from './runtime/clock'
import { statusRequest } from './statusRequest'
import { trackedStatuses$ } from './trackedStatuses'
import { shareWatches, type SharedWatches } from './watch/bulk/sharedWatches'
import { createWatches } from './watch/bulk/watches'

/** The options of all watches of a stream. See {@link WatchOptions}. */
export interface WatchManyOptions extends WatchOptions {
  /**
   * The budget that all watches of the stream share.
   *
   * @default a budget of 32 requests in flight that adopts the server's limit per minute
   */
  readonly budget?: WatchOptions['budget']
}

/** Checks options. Returns a function that creates watches, which only one stream follows. */
export const ownWatches = (options: WatchManyOptions): (() => SharedWatches) => {
  const settings = withBudget(settingsOf(options), longestTimer)
  return () => {
    const own = withRefusedKey(settings)
    return shareWatches(createWatches(statusRequest(own), own), 0)
  }
}

/**
 * Watches many uploads and merges their statuses into one stream.
 *
 * ```
 * uploads   a b     a      c|
 * emits       a:pending  b:completed  c:pending  a:failed  c:completed|
 * ```
 *
 * - `uploads` is an iterable, a promise or an observable of references, or of lists of references. It
 *   may emit more while the stream runs. Duplicates are watched once.
 * - `{ remove: ref }` in the input removes an upload: its timer and its queued or running request stop
 *   immediately, with the event `Stopped`, and nothing more is emitted for it. It has no effect on an
 *   unknown or ended upload. Adding the upload again later starts a new watch.
 * - Each upload follows the grammar of a watch: statuses, then a terminal one or a failure. The failure
 *   of one upload does not affect the others. An invalid reference ends with `Left(InvalidRequest)`
 *   under the given ids.
 * - Completes when `uploads` has completed and every watch has ended or was removed. If `uploads`
 *   errors, the uploads so far are watched to their ends, then the error follows.
 * - All watches share one timer and one budget. Queued requests with the highest `priority` go first,
 *   and of these the one whose end is the most likely, by a `hint` or by earlier uploads. None starves.
 * - Unsubscribing stops everything immediately.
 *
 * @param uploads references and removals; `hint` is your estimate of how long an upload takes, in
 * milliseconds; uploads with a higher `priority` are polled first
 * @throws TypeError or RangeError that names the invalid option
 *
 * @example
 * const uploads = ['ofapi_media_1', 'ofapi_media_2'].map(upload => ({ account: 'acct_1', upload }))
 * uploadStatuses$(uploads, { budget: requestBudget({ perMinute: 600 }) }).subscribe(
 *   ({ upload, status }) => console.log(upload, status._tag),
 * )
 *
 * @see docs/performance.md for its cost
 */
export function uploadStatuses$(
  uploads: ObservableInput<
    ExpectedFanslyUpload | RemovedUpload | ReadonlyArray<ExpectedFanslyUpload | RemovedUpload>
  >,
  options?: WatchManyOptions,
): Observable<TrackedStatus<FanslyUploadStatus>>
export function uploadStatuses$(
  uploads: ObservableInput<UploadEntry | readonly UploadEntry[]>,
  options?: WatchManyOptions,
): Observable<TrackedStatus>
export function uploadStatuses$(
  uploads: ObservableInput<UploadEntry | readonly UploadEntry[]>,
  options: WatchManyOptions = {},
): Observable<TrackedStatus<UploadStatusOf<PlatformName>>> {
  return trackedStatuses$(uploads, ownWatches(options))
}
