import { asapScheduler, type Subscription } from 'rxjs'
import platform from '#platform'
import type { TerminalStatus } from '../../api/status'
import { refName, type ExpectedUpload, type UploadRef } from '../../api/uploadRef'
import * as E from '../../failure/either'
import { cancelled, type Failure } from '../../failure/failure'
import { reasonOf } from '../../http/aborted'
import { monotonic } from '../../runtime/clock'
import { notify } from '../../runtime/notify'
import type { WatchEvent, Watched } from '../event'
import { endCache } from './endCache'
import { add, isSingle, list, remove, type Few } from './few'
import type { Watcher } from './running'
import { SharedWatch, type Follower, type Shareable } from './sharedWatch'
import type { Watches } from './watches'
import { inCircumstances, unstarted } from '../watchState'

/** Watches that can be shared: they poll, or receive from a relay. */
export interface ShareableWatches<One extends Shareable> extends Pick<Watches, 'after'> {
  /** Starts a watch. It calls the observer in a later turn at the earliest. */
  readonly start: (ref: ExpectedUpload, observer: Watcher) => One
  /** Stops a watch at once. */
  readonly stop: (running: One) => void
  /** Its requests take another place in the queue of the budget, where there is one. */
  readonly prioritize?: (running: One, priority: number) => void
}

/** Watches that may each have several followers. */
export interface SharedWatches {
  /**
   * Follows an upload. A late follower receives the request or the pause that goes on, and the
   * latest status; after the end it receives the terminal status: in a later turn, but before
   * anything else. Returns false if it follows this upload already; then only its priority changes.
   */
  readonly follow: (ref: ExpectedUpload, follower: Follower) => boolean
  /**
   * A follower leaves one upload, of which it receives nothing more. If it was the only one, the watch
   * stops at once. Returns false, and does nothing, if it does not follow it.
   */
  readonly remove: (ref: UploadRef, follower: Follower) => boolean
  /** A follower leaves all that it follows. The cost is in proportion to that alone. */
  readonly leave: (follower: Follower) => void
  /** Ends all that a follower follows with a failure. Other followers go on. */
  readonly cancel: (follower: Follower, failure: Failure) => void
  /** Ends all watches with a failure, at once, and so all that are followed from now on. */
  readonly close: (failure: Failure) => void
  /** Hands an event to the followers of its upload. */
  readonly notify: (event: WatchEvent) => void
}

/**
 * Shares each watch among all followers of its upload. It outlives its last follower by `grace`
 * milliseconds. A watch that ended with a failure starts again with its next follower.
 */
export const shareWatches = <One extends Shareable>(
  watches: ShareableWatches<One>,
  grace: number,
): SharedWatches => {
  type Shared = SharedWatch<One>
  /** By account, and by upload. */
  const running = new Map<string, Map<string, Shared>>()
  const followed = new Map<Follower, Few<Shared>>()
  /** What followers receive in a later turn of this one, by upload. */
  const soon = new Map<Follower, Map<string, Subscription>>()
  const ends = endCache()
  let closedBy: Failure | null = null
  /** Its followers receive that it stops, although it is forgotten. */
  let stopping: Shared | null = null

  const forget = (shared: Shared): void => {
    const { account, upload } = shared.ref
    const uploads = running.get(account)
    shared.grace?.unsubscribe()
    if (uploads?.get(upload) !== shared) return
    uploads.delete(upload)
    if (uploads.size === 0) running.delete(account)
  }

  const forgetSoon = (name: string, follower: Follower): boolean => {
    const names = soon.get(follower)
    const scheduled = names?.get(name)
    scheduled?.unsubscribe()
    names?.delete(name)
    if (names?.size === 0) soon.delete(follower)
    return scheduled !== undefined
  }

  /** Notifies a follower of an upload in a later turn, unless it leaves the upload before. */
  const schedule = (ref: UploadRef, follower: Follower, work: () => void): void => {
    const name = refName(ref)
    const names = soon.get(follower) ?? new Map<string, Subscription>()
    names.get(name)?.unsubscribe()
    const scheduled = asapScheduler.schedule(() => {
      forgetSoon(name, follower)
      work()
    })
    soon.set(follower, names.set(name, scheduled))
  }

  const unlink = (shared: Shared, follower: Follower): void => {
    const rest = remove(followed.get(follower) ?? null, shared)
    if (rest === null) followed.delete(follower)
    else followed.set(follower, rest)
    if (soon.size > 0) forgetSoon(refName(shared.ref), follower)
  }

  const end = (shared: Shared, terminal: TerminalStatus | null): void => {
    forget(shared)
    for (const follower of list(shared.followers)) unlink(shared, follower)
    if (terminal !== null) ends.add(shared.ref, terminal)
  }

  const owner = { inContext: platform.context(), end }

  const start = (ref: ExpectedUpload): Shared => {
    const shared: Shared = new SharedWatch(ref, owner)
    const uploads = running.get(ref.account) ?? new Map<string, Shared>()
    running.set(ref.account, uploads.set(ref.upload, shared))
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
    const shared = running.get(ref.account)?.get(ref.upload)
    // It may have ended: then the end is on its way to this follower.
    if (shared?.has(follower) !== true) return forgetSoon(refName(ref), follower)
    unlink(shared, follower)
    // The last follower still receives the event that the watch stops, and nothing after it.
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
    // Leaving may stop the watch, which then knows no more.
    const values = all.map(({ ref, running }) => {
      const known = running?.watch ?? unstarted
      return [ref, E.left(inCircumstances(failure, known, elapsed))] as const
    })
    leave(follower)
    for (const [ref, value] of values) endFor(follower, ref, value)
  }

  return {
    follow: ({ account, upload, hint, priority }, follower) => {
      // Nothing else of the caller's object is kept. Few have a priority: without it they are smaller.
      const ref = { account, upload, hint, ...(priority !== undefined && { priority }) }
      const { signal } = follower
      const failure = closedBy ?? (signal?.aborted === true ? cancelled(reasonOf(signal)) : null)
      const terminal = ends.get(ref)
      const known = failure === null ? terminal && E.right(terminal) : E.left(failure)
      if (known !== undefined) {
        const isNamedAgain = forgetSoon(refName(ref), follower)
        schedule(ref, follower, () => {
          endFor(follower, ref, known)
        })
        return !isNamedAgain
      }
      const begun = running.get(account)?.get(upload)
      if (priority !== undefined && begun !== undefined && begun.running !== null)
        watches.prioritize?.(begun.running, priority)
      const shared = begun ?? start(ref)
      if (shared.has(follower)) return false
      shared.grace?.unsubscribe()
      shared.add(follower)
      followed.set(follower, add(followed.get(follower) ?? null, shared))
      const { doing } = shared
      const status = shared.status()
      if (status !== null || doing !== null)
        schedule(ref, follower, () => {
          // If another one came in between, the follower has received that.
          if (doing !== null && shared.doing === doing && shared.has(follower))
            follower.inContext(notify<WatchEvent>, follower.on, doing)
          if (status !== null && shared.status() === status && shared.has(follower))
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
      // Those that outlive their followers.
      for (const uploads of [...running.values()])
        for (const shared of [...uploads.values()]) stop(shared)
    },
    notify: event => {
      const { account, upload } = event
      const isLast = stopping?.ref.account === account && stopping.ref.upload === upload
      const shared = isLast ? stopping : running.get(account)?.get(upload)
      shared?.notify(event)
    },
  }
}

/** The same, with events: they reach the followers of their upload, and then the settings' `on`. */
export const shareWatchesAndEvents = <Settings extends Pick<Follower, 'on'>, One extends Shareable>(
  watchesOf: (settings: Settings) => ShareableWatches<One>,
  settings: Settings,
  grace: number,
): SharedWatches => {
  const on = (event: WatchEvent): void => {
    shared.notify(event)
    settings.on?.(event)
  }
  const shared = shareWatches(watchesOf({ ...settings, on }), grace)
  return shared
}
