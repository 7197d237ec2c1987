import { asapScheduler, from, Observable, Subscription, type ObservableInput } from 'rxjs'
import platform from '#platform'
import { isRecord } from './api/parseJson'
import {
  refName,
  type ExpectedUpload,
  type TrackedStatus,
  type UploadEntry,
  type UploadRef,
} from './api/uploadRef'
import { wrongType } from './failure/checked'
import * as E from './failure/either'
import { cancelled } from './failure/failure'
import { onAbortOrAborted, reasonOf } from './http/aborted'
import { monotonic } from './runtime/clock'
import type { FollowOptions } from './source'
import { checkedEntry } from './uploadEntry'
import type { Follower } from './watch/bulk/sharedWatch'
import type { SharedWatches } from './watch/bulk/sharedWatches'

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
    const remove = (ref: UploadRef): void => {
      refusals.forEach((name, notification) => {
        if (name !== refName(ref)) return
        refusals.delete(notification)
        notification.unsubscribe()
        close()
      })
      if (shared.remove(ref, follower)) close()
    }
    const source = new Subscription()
    const take = (given: unknown): void => {
      // A callback during the previous entry may have ended the stream.
      if (source.closed) return
      const entry = checkedEntry(given)
      if (E.isLeft(entry)) refused(entry.left)
      else if ('account' in entry.right) follow(entry.right)
      else remove(entry.right.remove)
    }
    subscriber.add(() => {
      shared.leave(follower)
    })
    subscriber.add(source)
    /** Stops reading entries. Once all uploads have ended, the stream ends by `then`. */
    const stopReading = (then = end): void => {
      if (source.closed) return
      source.unsubscribe()
      end = then
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
          if (Array.isArray(given)) given.forEach(take)
          else take(given)
        },
        error: (error: unknown) => {
          stopReading(() => {
            subscriber.error(error)
          })
        },
        complete: stopReading,
      }),
    )
  })
}
