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
 * Watches many uploads, and merges their statuses into one stream.
 *
 * ```
 * uploads   a b     a      c|
 * emits       a:pending  b:completed  c:pending  a:failed  c:completed|
 * ```
 *
 * - `uploads` is an iterable, a promise or an observable of references, or of lists of them; more may
 *   come while the stream runs. Each is watched once, however often it is named.
 * - `{ remove: ref }` in the input takes an upload out: its timer, its place in the queue and its request
 *   end at once, the event is `Stopped`, and nothing more is emitted for it. If it has ended or was
 *   never named, nothing changes. An upload that is named again after that is watched from the start.
 * - Each upload obeys the grammar of a watch: statuses, then a terminal one or a failure. The failure
 *   of one does not touch the others; what is no reference ends with `Left(InvalidRequest)`, named by
 *   what was given.
 * - Completes when `uploads` has and every watch has ended or was removed. If `uploads` errors, what was named
 *   before is watched to its end; then the error follows.
 * - All share one timer and one budget. While requests wait, those with the highest `priority` go
 *   first, but none starves; then the longest-overdue one, or with a `hint` the one whose end is likely.
 * - Unsubscribing stops everything at once.
 *
 * @param uploads references, and what to remove; `hint` is how long an upload is expected to take, in
 * milliseconds; uploads of a higher `priority` are polled first
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

/** Names what was given where an id is due: a text or a number by itself, anything else by its kind. */
const nameOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : kindOf(value)

/** What is no reference, as far as it names an upload, and why it is none. */
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

/** Whether something is to be removed. A reference may have a member of this name too. */
const isRemoval = (given: unknown): given is { readonly remove: unknown } =>
  !isReference(given) && isRecord(given) && 'remove' in given

/** A reference; or why it is none, or why its platform is not that of its ids. */
const referenceOf = (given: unknown): Either<TrackedStatus, ExpectedUpload> => {
  if (!isReference(given)) return E.left(refuse(given))
  const { account, upload } = given
  const agreed = given.platform === undefined ? null : platformOf(account, upload, given.platform)
  return agreed !== null && E.isLeft(agreed)
    ? E.left({ account, upload, status: agreed })
    : E.right(given)
}

/** Follows many uploads on watches that may have other followers too. */
export const trackedStatuses$ = (
  uploads: ObservableInput<UploadEntry | readonly UploadEntry[]>,
  sharedBy: () => SharedWatches,
  { on, signal }: FollowOptions = {},
): Observable<TrackedStatus> => {
  // An iterable too, of its letters.
  if (typeof uploads === 'string') throw new TypeError('uploads cannot be a string')
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
