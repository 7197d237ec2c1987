import type { QueueEvents } from 'bullmq'
import { defer, interval, merge, Subject, throttle, type Observable } from 'rxjs'
import { statusUrl, vendorUrl } from '../api/endpoint'
import { isLater, isOutcome, type UploadStatus } from '../api/status'
import type { UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { cancelled, invalidRequest, unreachable } from '../failure/failure'
import { after } from '../runtime/wait'
import type { Watcher } from '../watch/bulk/running'
import type { Shareable } from '../watch/bulk/sharedWatch'
import type { ShareableWatches } from '../watch/bulk/sharedWatches'
import type { Watched } from '../watch/event'
import { closeQuietly } from './closeQuietly'
import { inTurns } from './inTurns'
import { decodeProgress, jobId, refOf } from './jobs'
import { openEvents } from './openEvents'
import { queueNames, type CheckedPlace, type Queues } from './queues'
import { queueFailureOf } from './queueFailure'
import { decodeJob } from './watchJob'

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

/** Milliseconds before the start in which an upload counts as added later, because clocks differ. */
const margin = 60_000

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
  let opened: readonly QueueEvents[] | null = null
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

  const onProgress = (watch: FollowedWatch, status: UploadStatus): void => {
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
    const end = await queues.endOf(ref)
    const running = job === undefined ? null : decodeJob(job)
    if (end !== null && (job === undefined || end.startedAt === running?.startedAt)) {
      update(watch, end.value)
      return
    }
    if (job === undefined) {
      const why = 'was not added to the queue, or its retention is over: add it with watch()'
      update(watch, E.left(invalidRequest('upload', why)))
      return
    }
    const status = decodeProgress(ref, job.progress) ?? running?.begun.state.status
    if (status !== null && status !== undefined) update(watch, E.right(status))
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

  const open = (): readonly QueueEvents[] => {
    const names = queueNames(place.name)
    const openedAt = Date.now()
    let isReplay = true
    let hasOld = false
    const watches = openEvents(names.watches, place, onError, () => {
      reread()
      missed$.next()
    })
    watches.on('progress', ({ jobId, data }) => {
      const watch = followed.get(jobId)
      const status = watch === undefined ? null : decodeProgress(watch.ref, data)
      if (watch !== undefined && status !== null) onProgress(watch, status)
    })
    watches.on('added', ({ jobId }, id) => {
      // The events before it are those of an earlier watch.
      const watch = followed.get(jobId)
      if (watch !== undefined) watch.received = []
      // The first batch holds old events. If the clock of this process is ahead, new ones look old, too.
      queueMicrotask(() => {
        isReplay = false
        if (hasOld) missed$.next()
        hasOld = false
      })
      const ref = refOf(jobId)
      if (ref === null) return
      if (isReplay && parseInt(id) < openedAt - margin) hasOld = true
      else added$.next(ref)
    })
    const ends = openEvents(names.ends, place, onError, reread)
    ends.on('added', ({ jobId }) => {
      const watch = followed.get(jobId)
      if (watch !== undefined) void refresh([watch])
    })
    return [watches, ends]
  }

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
      await Promise.all((opened ?? []).map(events => closeQuietly(events, place.connection)))
      opened = null
    },
  }
}
