import type { Either } from 'fp-ts/Either'
import { asapScheduler, from, Observable, Subscription, type ObservableInput } from 'rxjs'
import platform from '#platform'
import { isRecord } from './api/parseJson'
import type { FanslyUploadStatus } from './api/fansly'
import type { PlatformName } from './api/platformApi'
import { platformOf, type UploadStatusOf } from './api/platforms'
import type {
  TrackedStatus,
  ExpectedFanslyUpload,
  ExpectedUpload,
  RemovedUpload,
  UploadEntry,
} from './api/uploadRef'
import { kindOf } from './failure/checked'
import * as E from './failure/either'
import { cancelled, invalidRequest } from './failure/failure'
import { onAbortOrAborted, reasonOf } from './http/aborted'
import { withRefusedKey } from './http/refusedKey'
import { settingsOf, withBudget, type WatchOptions } from './options'
import { longestTimer, monotonic } from './runtime/clock'
import type { FollowOptions } from './source'
import { statusRequest } from './statusRequest'
import type { Follower } from './watch/bulk/sharedWatch'
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
 *   but none starves; then the longest-overdue one, or with a `hint` the one whose end is likely.
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
  const settings = withBudget(settingsOf(options), longestTimer)
  return trackedStatuses$(uploads, () => {
    const own = withRefusedKey(settings)
    return shareWatches(createWatches(statusRequest(own), own), 0)
  })
}

/** Formats a value in place of an id: a string or a number as it is, anything else by its kind. */
const nameOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : kindOf(value)

/** The failure for an invalid reference, under the ids that it has. */
const refuse = (given: unknown): TrackedStatus => {
  const expected = 'expected a reference { account, upload }'
  if (!isRecord(given)) {
    const failure = invalidRequest('upload', `${expected}, not ${kindOf(given)}`)
    return { account: '', upload: nameOf(given), status: E.left(failure) }
  }
  const { account, upload } = given
  const which = typeof account === 'string' ? 'upload' : 'account'
  const failure = invalidRequest(which, `${expected}, where ${which} is ${kindOf(given[which])}`)
  return { account: nameOf(account), upload: nameOf(upload), status: E.left(failure) }
}

const isReference = (given: unknown): given is ExpectedUpload =>
  isRecord(given) && typeof given['account'] === 'string' && typeof given['upload'] === 'string'

/** Whether a value is a removal. A reference may also have a member named `remove`. */
const isRemoval = (given: unknown): given is { readonly remove: unknown } =>
  !isReference(given) && isRecord(given) && 'remove' in given

/** Checks a reference and its platform, or returns the failure. */
const referenceOf = (given: unknown): Either<TrackedStatus, ExpectedUpload> => {
  if (!isReference(given)) return E.left(refuse(given))
  const { account, upload } = given
  const agreed = given.platform === undefined ? null : platformOf(account, upload, given.platform)
  return agreed !== null && E.isLeft(agreed)
    ? E.left({ account, upload, status: agreed })
    : E.right(given)
}

/** Follows many uploads on watches that may also have other followers. */
export const trackedStatuses$ = (
  uploads: ObservableInput<UploadEntry | readonly UploadEntry[]>,
  sharedBy: () => SharedWatches,
  { on, signal }: FollowOptions = {},
): Observable<TrackedStatus> => {
  // A string would be an iterable of its characters.
  if (typeof uploads === 'string') throw new TypeError('uploads cannot be a string')
  const uploads$ = from(uploads)
  return new Observable<TrackedStatus>(subscriber => {
    const shared = sharedBy()
    // Counts the source and every unfinished upload.
    let open = 1
    let end = (): void => {
      subscriber.complete()
    }
    const close = (): void => {
      open -= 1
      if (open === 0) end()
    }
    const inContext = platform.context()
    const follower: Follower = {
      on,
      signal,
      inContext,
      startedAt: monotonic(),
      next: ({ account, upload }, status) => {
        subscriber.next({ account, upload, status })
      },
      complete: close,
      error: defect => {
        subscriber.error(defect)
      },
    }
    const refused = (tracked: TrackedStatus): void => {
      open += 1
      subscriber.add(
        asapScheduler.schedule(() => {
          inContext(() => {
            subscriber.next(tracked)
            close()
          })
        }),
      )
    }
    const follow = (ref: ExpectedUpload): void => {
      open += 1
      if (!shared.follow(ref, follower)) close()
    }
    const remove = (ref: unknown): void => {
      if (!isReference(ref)) refused(refuse(ref))
      else if (shared.remove(ref, follower)) close()
    }
    const take = (given: unknown): void => {
      if (isRemoval(given)) {
        remove(given.remove)
        return
      }
      const reference = referenceOf(given)
      if (E.isLeft(reference)) refused(reference.left)
      else follow(reference.right)
    }
    subscriber.add(() => {
      shared.leave(follower)
    })
    const source = new Subscription()
    subscriber.add(source)
    const stopReading = (): void => {
      if (source.closed) return
      source.unsubscribe()
      close()
    }
    subscriber.add(
      onAbortOrAborted(signal, () => {
        shared.cancel(follower, cancelled(reasonOf(signal)))
        stopReading()
      }),
    )
    source.add(
      uploads$.subscribe({
        next: given => {
          if (source.closed) return
          if (Array.isArray(given)) given.forEach(take)
          else take(given)
        },
        error: (error: unknown) => {
          if (source.closed) return
          end = () => {
            subscriber.error(error)
          }
          stopReading()
        },
        complete: stopReading,
      }),
    )
  })
}
