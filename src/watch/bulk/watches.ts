import type { Either } from 'fp-ts/Either'
import { asapScheduler, Subscription } from 'rxjs'
import type { Answer } from '../../api/answer'
import type { ExpectedUpload, UploadRef } from '../../api/uploadRef'
import { sendsEvents } from '../../api/webhook'
import * as E from '../../failure/either'
import { cancelled, type Failure } from '../../failure/failure'
import { reasonOf } from '../../http/aborted'
import type { RequestOf } from '../../http/request'
import { notify as notifyObserver } from '../../runtime/notify'
import { steadyClock } from '../../runtime/steadyClock'
import type { After } from '../../runtime/wait'
import { teach, teachDuration } from '../budgeted'
import type { SourceFailed } from '../event'
import { notBegun, type BegunUpload, type BegunWatch } from '../liveWatch'
import { learnedByPush } from '../outside'
import { readPush, unwatched } from '../push'
import { decodeAnswer, received } from '../received'
import { fellBack, gaveUp, pollRequested, reliedOn } from '../transition'
import type { WatchSettings } from '../watchSettings'
import type { Transition } from '../watchState'
import { dueQueue } from './dueQueue'
import { createRunner } from './runner'
import type { Running, Watcher } from './running'
import { followSources } from './sharedSources'
import { watchIndex } from './watchIndex'

/**
 * Watches that share their settings, one timer, and the subscriptions to `activity$`, `push` and
 * `signal`.
 */
export interface Watches {
  /** Starts a watch. Its observer is not notified in this turn. */
  readonly start: (ref: ExpectedUpload, observer: Watcher) => Running
  /** Stops a watch at once: its timer, its place in the budget's queue, its request. */
  readonly stop: (running: Running) => void
  /** Gives its requests another priority; one that waits for the budget takes its new place. */
  readonly prioritize: (running: Running, priority: number) => void
  /** The watches that have not ended, as they are now. */
  readonly begun: () => readonly BegunUpload[]
  readonly after: After
}

/**
 * Runs watches in bulk: each of them by one runner, and all by the same clock, timer and sources.
 *
 * @param begunOf what a watch goes on from; default: each is a new one
 */
export const createWatches = (
  requestOf: RequestOf,
  settings: WatchSettings,
  begunOf: (ref: UploadRef) => BegunWatch | undefined = () => undefined,
): Watches => {
  const { budget, on, push, random, signal } = settings
  const all = new Set<Running>()
  const index = push === undefined ? null : watchIndex()
  /** A clock that is broken ends all watches, in the next turn at the latest. */
  let brokenBy: { readonly defect: unknown } | null = null
  const steady = steadyClock(settings.clock, defect => {
    if (brokenBy === null)
      asapScheduler.schedule(() => {
        brokenBy = null
        for (const running of all) running.error(defect)
      })
    brokenBy = { defect }
  })
  // Whole milliseconds take a third of the memory of others.
  const clock = (): number => Math.floor(steady())
  const queue = dueQueue(steady)
  let sources = Subscription.EMPTY
  let isActive = true
  let isAlive = false

  const { since, notify, happen, wait, setPaused, prioritize, open, proceed, leave } = createRunner(
    requestOf,
    settings,
    {
      queue,
      clock,
      checkClock: () => {
        if (brokenBy !== null) throw brokenBy.defect
      },
      stopped: running => {
        all.delete(running)
        index?.remove(running)
        if (all.size === 0) sources.unsubscribe()
      },
    },
  )

  const activate = (next: boolean): void => {
    isActive = next
    for (const running of all) setPaused(running, !isActive)
  }

  const cancel = (): void => {
    for (const running of all) happen(running, gaveUp(cancelled(reasonOf(signal))))
  }

  const sourceFailed = (source: SourceFailed['source']): void => {
    for (const running of all) notify(running, { _tag: 'SourceFailed', source })
  }

  const receive = (pushed: unknown): void => {
    if (index === null) return
    const { ref, status } = readPush(pushed)
    const running = index.get(ref)
    if (running !== undefined) happen(running, learnedByPush(status, settings))
    else if (on !== undefined)
      notifyObserver(on, { ...(E.isLeft(status) ? status.left : unwatched), ...ref, at: 0 })
  }

  /** Moves the next poll of all watches. */
  const move = (transition: Transition): void => {
    for (const running of all) {
      happen(running, transition)
      wait(running)
    }
  }

  /** That pushes can be relied on changes no wait that goes on: watches learn it by their next answer. */
  const rely = (next: boolean): void => {
    if (isAlive === next) return
    isAlive = next
    if (!isAlive) move(fellBack(random))
  }

  /** Subscribes to what all watches share, for as long as there are any. */
  const follow = (): void => {
    isActive = true
    isAlive = false
    sources = new Subscription()
    followSources(sources, settings, {
      cancel,
      activate,
      receive,
      rely,
      pollNow: () => {
        move(pollRequested)
      },
      failed: sourceFailed,
    })
  }

  const resume = (running: Running): void => {
    setPaused(running, !isActive)
    if (push !== undefined && running.close === null) open(running)
    proceed(running)
  }

  // All watches share these.

  function onDue(this: Running): void {
    if (sources.closed) follow()
    if (signal?.aborted === true) cancel()
    // The timer belongs to another watch.
    this.observer.inContext(resume, this)
  }

  function next(this: Running, answer: Either<Failure, Answer>): void {
    const refusals: Failure[] = []
    if (isAlive && !this.watch.isAlive && sendsEvents(this.ref)) happen(this, reliedOn)
    // Within the step, because an answer that cannot be read is a defect, like any other.
    happen(this, (...known) => {
      teach(budget, this.ref)(answer)
      const decoded = decodeAnswer(this.ref.upload, answer)
      teachDuration(budget, this.ref, this.watch, decoded, since(this))
      if (decoded.key === 'refused' && E.isLeft(decoded.status)) refusals.push(decoded.status.left)
      return received(decoded, settings)(...known)
    })
    // The other watches would send the same key.
    for (const refusal of refusals) for (const running of [...all]) happen(running, gaveUp(refusal))
  }

  function error(this: Running, defect: unknown): void {
    leave(this)
    this.observer.error(defect)
  }

  function complete(this: Running): void {
    this.asking = null
    wait(this)
  }

  return {
    start: (ref, observer) => {
      const now = clock()
      const { state, elapsed } = begunOf(ref) ?? notBegun
      const running: Running = {
        rank: 0,
        order: 0,
        index: -1,
        onDue,
        next,
        error,
        complete,
        ref,
        observer,
        startedAt: now - elapsed,
        watch: state,
        asking: null,
        isPaused: false,
        close: null,
        isOver: false,
      }
      all.add(running)
      index?.add(running)
      // Not in this turn: the first value always comes after `subscribe` has returned.
      queue.put(running, now)
      return running
    },
    stop: leave,
    prioritize,
    begun: () =>
      Array.from(all, running => ({
        ref: running.ref,
        state: running.watch,
        elapsed: since(running),
      })),
    after: queue.after,
  }
}
