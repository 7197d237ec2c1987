import type { Either } from 'fp-ts/Either'
import { asapScheduler, from, Observable, Subscription, type ObservableInput } from 'rxjs'
import platform from '#platform'
import { isRecord } from './api/parseJson'
import { platformOf } from './api/platforms'
import { refName, type ExpectedUpload, type TrackedStatus, type UploadEntry } from './api/uploadRef'
import { kindOf, wrongType } from './failure/checked'
import * as E from './failure/either'
import { cancelled, invalidRequest } from './failure/failure'
import { onAbortOrAborted, reasonOf } from './http/aborted'
import { monotonic } from './runtime/clock'
import type { FollowOptions } from './source'
import type { Follower } from './watch/bulk/sharedWatch'
import type { SharedWatches } from './watch/bulk/sharedWatches'

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

/** Returns the entries of the input as a stream. */
const streamOf$ = <A>(uploads: ObservableInput<A>): Observable<A> => {
  try {
    // A string would be an iterable of its characters.
    if (isRecord(uploads)) return from(uploads)
  } catch {
    // The error of `from` does not name the argument.
  }
  throw wrongType(uploads, 'uploads', 'a list or Observable of references')
}

/** Follows many uploads on watches that may also have other followers. */
export const trackedStatuses$ = (
  uploads: ObservableInput<UploadEntry | readonly UploadEntry[]>,
  sharedBy: () => SharedWatches,
  { on, signal }: FollowOptions = {},
): Observable<TrackedStatus> => {
  const uploads$ = streamOf$(uploads)
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
    /** The failures of invalid references that follow in a later turn. */
    const refusals = new Map<Subscription, string>()
    const refused = (tracked: TrackedStatus): void => {
      open += 1
      const notification = asapScheduler.schedule(() => {
        refusals.delete(notification)
        inContext(() => {
          subscriber.next(tracked)
          close()
        })
      })
      refusals.set(notification, refName(tracked))
      subscriber.add(notification)
    }
    const follow = (ref: ExpectedUpload): void => {
      open += 1
      if (!shared.follow(ref, follower)) close()
    }
    const remove = (ref: unknown): void => {
      if (!isReference(ref)) {
        refused(refuse(ref))
        return
      }
      refusals.forEach((name, notification) => {
        if (name !== refName(ref)) return
        refusals.delete(notification)
        notification.unsubscribe()
        close()
      })
      if (shared.remove(ref, follower)) close()
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
