import platform from '#platform'
import type { TerminalStatus } from '../../api/status'
import type { ExpectedUpload, UploadRef } from '../../api/uploadRef'
import * as E from '../../failure/either'
import { cancelled, type Failure } from '../../failure/failure'
import { reasonOf } from '../../http/aborted'
import { monotonic } from '../../runtime/clock'
import { notify } from '../../runtime/notify'
import type { WatchEvent, Watched } from '../event'
import { endCache } from './endCache'
import { add, isSingle, list, remove, type Few } from './few'
import { laterNotifications } from './laterNotifications'
import { refMap } from './refMap'
import type { Watcher } from './running'
import { SharedWatch, type Follower, type Shareable } from './sharedWatch'
import type { Watches } from './watches'
import { inCircumstances, unstarted } from '../watchState'

/** Watches that can be shared: they poll, or receive from a relay. */
export interface ShareableWatches<One extends Shareable> extends Pick<Watches, 'after'> {
  /** Starts a watch. Never calls the observer in the same turn. */
  readonly start: (ref: ExpectedUpload, observer: Watcher) => One
  /** Stops a watch immediately. */
  readonly stop: (running: One) => void
  /** Changes the priority of its requests in the budget's queue, if there is one. */
  readonly prioritize?: (running: One, priority: number) => void
}

/** Watches that may each have several followers. */
export interface SharedWatches {
  /**
   * Follows an upload. A late follower receives the event of the current request or pause and the
   * latest status; after the end, the terminal status. Both arrive in a later turn, but before
   * anything else. Returns false if it already follows this upload; then only the priority changes.
   */
  readonly follow: (ref: ExpectedUpload, follower: Follower) => boolean
  /**
   * Removes a follower from one upload: it receives nothing more. If it was the only one, the watch
   * stops immediately. Returns false, and does nothing, if it does not follow the upload.
   */
  readonly remove: (ref: UploadRef, follower: Follower) => boolean
  /** Removes a follower from all of its uploads, in time proportional to their number. */
  readonly leave: (follower: Follower) => void
  /** Ends all uploads of a follower with a failure. Other followers continue. */
  readonly cancel: (follower: Follower, failure: Failure) => void
  /** Ends all watches with a failure immediately, and every upload that is followed later. */
  readonly close: (failure: Failure) => void
  /** Passes an event to the followers of its upload. */
  readonly notify: (event: WatchEvent) => void
}

/**
 * Shares each watch among all followers of its upload. A watch outlives its last follower by `grace`
 * milliseconds. After a failure the next follower starts a new watch.
 */
export const shareWatches = <One extends Shareable>(
  watches: ShareableWatches<One>,
  grace: number,
): SharedWatches => {
  type Shared = SharedWatch<One>
  const running = refMap<Shared>()
  const followed = new Map<Follower, Few<Shared>>()
  const later = laterNotifications<Follower>()
  const ends = endCache()
  let closedBy: Failure | null = null
  /** The watch that is stopping. Its followers still receive that event, although it is removed. */
  let stopping: Shared | null = null

  const forget = (shared: Shared): void => {
    shared.grace?.unsubscribe()
    running.remove(shared.ref, shared)
  }

  const unlink = (shared: Shared, follower: Follower): void => {
    const rest = remove(followed.get(follower) ?? null, shared)
    if (rest === null) followed.delete(follower)
    else followed.set(follower, rest)
    later.cancel(shared.ref, follower)
  }

  const end = (shared: Shared, terminal: TerminalStatus | null): void => {
    forget(shared)
    for (const follower of list(shared.followers)) unlink(shared, follower)
    if (terminal !== null) ends.add(shared.ref, terminal)
  }

  const owner = { inContext: platform.context(), end }

  const start = (ref: ExpectedUpload): Shared => {
    const shared: Shared = new SharedWatch(ref, owner)
    running.set(ref, shared)
    shared.running = watches.start(ref, shared)
    return shared
  }

  const stop = (shared: Shared): void => {
    forget(shared)
    if (shared.running === null) return
    const outer = stopping
    stopping = shared
    watches.stop(shared.running)
    stopping = outer
  }

  const leaveOne = (shared: Shared, follower: Follower): void => {
    shared.remove(follower)
    if (shared.followers !== null) return
    if (grace === 0 || !shared.hasAsked()) stop(shared)
    else
      shared.grace = watches.after(grace, () => {
        stop(shared)
      })
  }

  const removeOne = (ref: UploadRef, follower: Follower): boolean => {
    const shared = running.get(ref)
    // If the watch has ended, its end is already scheduled for this follower.
    if (shared?.has(follower) !== true) return later.cancel(ref, follower)
    unlink(shared, follower)
    // The last follower still receives the event `Stopped`, and nothing after it.
    if (isSingle(shared.followers)) stop(shared)
    shared.remove(follower)
    return true
  }

  const leave = (follower: Follower): void => {
    const all = list(followed.get(follower) ?? null)
    followed.delete(follower)
    for (const shared of all) leaveOne(shared, follower)
  }

  const endFor = (follower: Follower, ref: ExpectedUpload, value: Watched): void => {
    follower.inContext(follower.next, ref, value)
    follower.inContext(follower.complete)
  }

  const cancel = (follower: Follower, failure: Failure): void => {
    const all = list(followed.get(follower) ?? null)
    const elapsed = monotonic() - follower.startedAt
    // Read the state first, because leaving may stop the watch.
    const values = all.map(({ ref, running }) => {
      const known = running?.watch ?? unstarted
      return [ref, E.left(inCircumstances(failure, known, elapsed))] as const
    })
    leave(follower)
    for (const [ref, value] of values) endFor(follower, ref, value)
  }

  return {
    follow: ({ account, upload, hint, priority }, follower) => {
      // Keeps nothing else of the caller's object. Without a priority, as in most cases, it is smaller.
      const ref = { account, upload, hint, ...(priority !== undefined && { priority }) }
      const { signal } = follower
      const failure = closedBy ?? (signal?.aborted === true ? cancelled(reasonOf(signal)) : null)
      const terminal = ends.get(ref)
      const known = failure === null ? terminal && E.right(terminal) : E.left(failure)
      if (known !== undefined) {
        const isNamedAgain = later.cancel(ref, follower)
        later.schedule(ref, follower, () => {
          endFor(follower, ref, known)
        })
        return !isNamedAgain
      }
      const begun = running.get(ref)
      if (priority !== undefined && begun !== undefined && begun.running !== null)
        watches.prioritize?.(begun.running, priority)
      const shared = begun ?? start(ref)
      if (shared.has(follower)) return false
      shared.grace?.unsubscribe()
      shared.add(follower)
      followed.set(follower, add(followed.get(follower) ?? null, shared))
      const { doing, status } = shared
      if (status !== null || doing !== null)
        later.schedule(ref, follower, () => {
          // Skips a status if the follower has received a newer one in between.
          if (doing !== null && shared.doing === doing && shared.has(follower))
            follower.inContext(notify<WatchEvent>, follower.on, doing)
          if (status !== null && shared.status === status && shared.has(follower))
            follower.inContext(follower.next, ref, E.right(status))
        })
      return true
    },
    remove: removeOne,
    leave,
    cancel,
    close: failure => {
      closedBy = failure
      for (const follower of [...followed.keys()]) cancel(follower, failure)
      // The watches that outlive their followers.
      for (const shared of running.list()) stop(shared)
    },
    notify: event => {
      const { account, upload } = event
      const isLast = stopping?.ref.account === account && stopping.ref.upload === upload
      const shared = isLast ? stopping : running.get(event)
      shared?.notify(event)
    },
  }
}

/** Like `shareWatches`, but passes events to the followers of their upload, then to `on`. */
export const shareWatchesAndEvents = <Settings extends Pick<Follower, 'on'>, One extends Shareable>(
  watchesOf: (settings: Settings) => ShareableWatches<One>,
  settings: Settings,
  grace: number,
): SharedWatches => {
  const on = (event: WatchEvent): void => {
    shared.notify(event)
    notify(settings.on, event)
  }
  const shared = shareWatches(watchesOf({ ...settings, on }), grace)
  return shared
}
