import { defer, interval, merge, Subject, throttle, type Observable } from 'rxjs'
import { statusUrl, vendorUrl } from '../api/endpoint'
import { isLater, isOutcome, type UploadStatus } from '../api/status'
import type { UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { cancelled, unreachable } from '../failure/failure'
import { after } from '../runtime/wait'
import type { Watcher } from '../watch/bulk/running'
import type { Shareable } from '../watch/bulk/sharedWatch'
import type { ShareableWatches } from '../watch/bulk/sharedWatches'
import type { Watched } from '../watch/event'
import { inTurns } from './inTurns'
import { decodeProgress, jobId } from './jobs'
import type { CheckedPlace, Queues } from './queues'
import { queueFailureOf } from './queueFailure'
import { storedValue } from './storedValue'
import { openUploadEvents, type UploadEvents } from './openUploadEvents'

/** An upload of the queue that this process follows. */
interface FollowedWatch extends Shareable {
  readonly ref: UploadRef
  readonly observer: Watcher
  isOver: boolean
  watch: { attempts: number; status: UploadStatus | null }
  /** Whether its stored state has been read. */
  isRead: boolean
  /** The statuses of events that wait for that, and for the end of their batch. */
  received: readonly UploadStatus[]
}

/** The uploads of the queue that this process follows. */
export interface FollowedWatches extends ShareableWatches<FollowedWatch> {
  /** Emits the added uploads, from about a minute before the first subscription. */
  readonly added$: Observable<UploadRef>
  /** Emits when `added$` may have missed some. */
  readonly missed$: Observable<void>
  readonly close: () => Promise<void>
}

/** Milliseconds after which the stored state is read again. */
const minute = 60_000

/**
 * The most uploads whose stored state is read at a time. Reading all of 100,000 together would block the
 * process for seconds.
 */
const maxReading = 200

/**
 * Follows uploads of the queue: reads the stored state of each, then the events of BullMQ. The state is
 * read again after a lost connection, because events may have been trimmed, and every minute, because a
 * job that somebody deletes may have no event.
 */
export const followedWatches = (
  queues: Queues,
  place: CheckedPlace,
  onError: (error: unknown) => void,
  rereadAfter = minute,
): FollowedWatches => {
  const followed = new Map<string, FollowedWatch>()
  const added$ = new Subject<UploadRef>()
  const missed$ = new Subject<void>()
  let opened: UploadEvents | null = null
  const inTurn = inTurns(maxReading)

  const stop = (watch: FollowedWatch): void => {
    watch.isOver = true
    if (followed.get(jobId(watch.ref)) === watch) followed.delete(jobId(watch.ref))
  }

  const update = (watch: FollowedWatch, value: Watched): void => {
    if (watch.isOver) return
    if (isOutcome(value)) {
      stop(watch)
      watch.observer.next(value)
      watch.observer.complete()
      return
    }
    const known = watch.watch.status
    if (known !== null && !isLater(value.right, known)) return
    watch.watch = { attempts: 1, status: value.right }
    watch.observer.next(value)
  }

  /** Emits the statuses of events, but not before the stored state was read. */
  const flush = (watch: FollowedWatch): void => {
    if (!watch.isRead) return
    const { received } = watch
    watch.received = []
    for (const status of received) update(watch, E.right(status))
  }

  const receive = (watch: FollowedWatch, status: UploadStatus): void => {
    if (watch.received.length === 0)
      queueMicrotask(() => {
        flush(watch)
      })
    watch.received = [...watch.received, status]
  }

  const read = async (watch: FollowedWatch): Promise<void> => {
    const { ref } = watch
    // The end is read second, because it is written before the job is removed.
    const job = await queues.watches.getJob(jobId(ref))
    const value = storedValue(ref, job, await queues.endOf(ref))
    if (value !== null) update(watch, value)
    watch.isRead = true
    flush(watch)
  }

  /** Reads the state of some watches. While Redis is unavailable they wait, and one error is reported. */
  const refresh = (watches: Iterable<FollowedWatch>): Promise<unknown> =>
    Promise.all(
      Array.from(watches, watch =>
        inTurn(() => read(watch)).catch((error: unknown) => {
          if (watch.isOver) return
          const failure = queueFailureOf(error)
          if (failure._tag !== 'Refused') throw error
          update(watch, E.left(unreachable(failure.code)))
        }),
      ),
    ).catch(onError)

  const reread$ = new Subject<void>()
  // One at a time. Those that are requested meanwhile become one more.
  const rereads = merge(reread$, interval(rereadAfter))
    .pipe(throttle(() => refresh(followed.values()), { leading: true, trailing: true }))
    .subscribe()
  const reread = (): void => {
    reread$.next()
  }

  const open = (): UploadEvents =>
    openUploadEvents(
      place,
      {
        started: id => {
          const watch = followed.get(id)
          if (watch !== undefined) watch.received = []
        },
        progressed: (id, progress) => {
          const watch = followed.get(id)
          if (watch === undefined) return
          const status = decodeProgress(watch.ref, progress)
          if (status !== null) receive(watch, status)
        },
        ended: id => {
          const watch = followed.get(id)
          if (watch !== undefined) void refresh([watch])
        },
        missed: reread,
        added: ref => {
          added$.next(ref)
        },
        addedMissed: () => {
          missed$.next()
        },
      },
      onError,
    )

  return {
    added$: defer(() => {
      opened ??= open()
      return added$
    }),
    missed$,
    start: ({ account, upload }, observer) => {
      const ref = { account, upload }
      const watch: FollowedWatch = {
        ref,
        observer,
        isOver: false,
        watch: { attempts: 0, status: null },
        isRead: false,
        received: [],
        asking: null,
      }
      const legal = statusUrl(vendorUrl, account, upload)
      if (E.isLeft(legal))
        after(0, () => {
          update(watch, legal)
        })
      else {
        followed.set(jobId(ref), watch)
        opened ??= open()
        void refresh([watch])
      }
      return watch
    },
    stop,
    after,
    close: async () => {
      rereads.unsubscribe()
      for (const watch of [...followed.values()])
        update(watch, E.left(cancelled('the queue was closed')))
      await opened?.close()
      opened = null
    },
  }
}
