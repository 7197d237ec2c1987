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
import { informBudget, informBudgetOfStatus } from '../budgeted'
import type { SourceFailed } from '../event'
import { newWatch, type SavedUpload, type SavedWatch } from '../liveWatch'
import { pushReceived } from '../outside'
import { readPush, unwatched } from '../push'
import { decodeAnswer, received } from '../received'
import { pushesUnreliable, failedWith, pollRequested, pushesReliable } from '../transition'
import type { WatchSettings } from '../watchSettings'
import type { Transition } from '../watchState'
import { dueQueue } from './dueQueue'
import { refMap } from './refMap'
import { createRunner } from './runner'
import type { Running, Watcher } from './running'
import { followSources } from './sharedSources'

/**
 * Watches that share their settings, one timer, and the subscriptions to `activity$`, `push` and
 * `signal`.
 */
export interface Watches {
  /** Starts a watch. Never calls its observer in the same turn. */
  readonly start: (ref: ExpectedUpload, observer: Watcher) => Running
  /** Stops a watch immediately: its timer, and its queued or running request. */
  readonly stop: (running: Running) => void
  /** Changes the priority of its requests, including one that waits for the budget. */
  readonly prioritize: (running: Running, priority: number) => void
  /** Returns the current state of all unfinished watches. */
  readonly begun: () => readonly SavedUpload[]
  readonly after: After
}

/**
 * Runs many watches with one runner, clock and timer, and one subscription to each source.
 *
 * @param begunOf returns the state to resume an upload from; by default each watch is new
 */
export const createWatches = (
  requestOf: RequestOf,
  settings: WatchSettings,
  begunOf: (ref: UploadRef) => SavedWatch | undefined = () => undefined,
): Watches => {
  const { budget, on, push, random, signal } = settings
  const all = new Set<Running>()
  const index = push === undefined ? null : refMap<Running>()
  const steady = steadyClock(settings.clock, defect => {
    // Later, because the step that read the clock still runs.
    asapScheduler.schedule(() => {
      for (const running of all) running.error(defect)
    })
  })
  // Whole milliseconds take a third of the memory of fractional ones.
  const clock = (): number => Math.floor(steady())
  const queue = dueQueue(steady)
  let sources = Subscription.EMPTY
  // Set while the sources are followed.
  let isActive: boolean
  let isAlive: boolean

  const { since, notify, happen, wait, setPaused, prioritize, open, proceed, leave } = createRunner(
    requestOf,
    settings,
    {
      queue,
      clock,
      stopped: running => {
        all.delete(running)
        index?.remove(running.ref, running)
        if (all.size === 0) sources.unsubscribe()
      },
    },
  )

  const activate = (next: boolean): void => {
    isActive = next
    for (const running of all) setPaused(running, !isActive)
  }

  const cancel = (): void => {
    for (const running of all) happen(running, failedWith(cancelled(reasonOf(signal))))
  }

  const sourceFailed = (source: SourceFailed['source']): void => {
    for (const running of all) notify(running, { _tag: 'SourceFailed', source })
  }

  const receive = (pushed: unknown): void => {
    const { ref, status } = readPush(pushed)
    const running = index?.get(ref)
    if (running !== undefined) happen(running, pushReceived(status, settings))
    else notifyObserver(on, { ...(E.isLeft(status) ? status.left : unwatched), ...ref, at: 0 })
  }

  /** Applies a transition that moves the next poll to all watches. */
  const move = (transition: Transition): void => {
    for (const running of all) {
      happen(running, transition)
      wait(running)
    }
  }

  /** Reliable pushes change no current wait: watches apply `safetyNet` after their next answer. */
  const rely = (next: boolean): void => {
    if (isAlive === next) return
    isAlive = next
    if (!isAlive) move(pushesUnreliable(random))
  }

  /** Subscribes to the shared sources while there are any watches. */
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

  // The settings that all watches share.

  function onDue(this: Running): void {
    if (sources.closed) follow()
    if (signal?.aborted === true) cancel()
    // The timer belongs to another watch.
    this.observer.inContext(resume, this)
  }

  function next(this: Running, answer: Either<Failure, Answer>): void {
    const refusals: Failure[] = []
    if (isAlive && !this.watch.isAlive && sendsEvents(this.ref)) happen(this, pushesReliable)
    // Decoded within the step, so that an error while decoding is a defect like any other.
    happen(this, (watch, now) => {
      informBudget(budget, this.ref)(answer)
      const decoded = decodeAnswer(this.ref.upload, answer)
      informBudgetOfStatus(budget, this.ref, watch, decoded, now)
      if (decoded.key === 'refused' && E.isLeft(decoded.status)) refusals.push(decoded.status.left)
      return received(decoded, settings)(watch, now)
    })
    // The other watches would send the same refused key.
    for (const refusal of refusals)
      for (const running of [...all]) happen(running, failedWith(refusal))
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
      const { state, elapsed } = begunOf(ref) ?? newWatch
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
      index?.set(ref, running)
      // A later turn, so that the first value always arrives after `subscribe` has returned.
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
