import type { Either } from 'fp-ts/Either'
import { asapScheduler, Observable, Subscription } from 'rxjs'
import type { Answer } from '../../api/answer'
import { isTerminal } from '../../api/status'
import type { ExpectedUpload, UploadRef } from '../../api/uploadRef'
import { sendsEvents } from '../../api/webhook'
import * as E from '../../failure/either'
import { cancelled, type Failure } from '../../failure/failure'
import { reasonOf } from '../../http/aborted'
import type { RequestOf } from '../../http/request'
import { notify as notifyObserver } from '../../runtime/notify'
import { steadyClock } from '../../runtime/steadyClock'
import type { After } from '../../runtime/wait'
import { polledUpload, teach, teachDuration } from '../budgeted'
import type { Happening, SourceFailed, WatchEvent } from '../event'
import { notBegun, type BegunUpload, type BegunWatch } from '../liveWatch'
import { learnedByPush } from '../outside'
import { latestPush, openPush, readPush, reportEnd, unwatched } from '../push'
import { decodeAnswer, received } from '../received'
import {
  fellBack,
  gaveUp,
  overslept,
  paused,
  pollRequested,
  ranOut,
  reliedOn,
  resumed,
  started,
} from '../transition'
import type { WatchSettings } from '../watchSettings'
import { dueQueue } from './dueQueue'
import type { Running, Watcher } from './running'
import { followSources } from './sharedSources'
import { watchIndex } from './watchIndex'
import { endOf, type Transition } from '../watchState'

/**
 * Watches that share their settings, one timer, and the subscriptions to `activity$`, `push` and
 * `signal`.
 */
export interface Watches {
  /** Starts a watch. Its observer is not notified in this turn. */
  readonly start: (ref: ExpectedUpload, observer: Watcher) => Running
  /** Stops a watch at once: its timer, its place in the budget's queue, its request. */
  readonly stop: (running: Running) => void
  /** The watches that have not ended, as they are now. */
  readonly begun: () => readonly BegunUpload[]
  readonly after: After
}

/**
 * Runs watches in bulk: a request whenever a poll is due. The transitions decide; here are the
 * effects.
 *
 * @param begunOf what a watch goes on from; default: each is a new one
 */
export const createWatches = (
  requestOf: RequestOf,
  settings: WatchSettings,
  begunOf: (ref: UploadRef) => BegunWatch | undefined = () => undefined,
): Watches => {
  const { budget, deadline, on, push, random, refusedKey, signal } = settings
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

  const since = ({ startedAt }: Running): number => clock() - startedAt

  const notify = (running: Running, event: Happening): void => {
    if (on === undefined) return
    const { observer, ref } = running
    const { account, upload } = ref
    const named: WatchEvent = { ...event, account, upload, at: since(running) }
    observer.inContext(notifyObserver<WatchEvent>, on, named)
  }

  const stop = (running: Running): void => {
    running.isOver = true
    all.delete(running)
    index?.remove(running)
    queue.remove(running)
    running.asking?.unsubscribe()
    running.close?.()
    running.close = null
    if (all.size === 0) sources.unsubscribe()
  }

  /** Stops a watch that has not ended. */
  const leave = (running: Running): void => {
    if (running.isOver) return
    stop(running)
    notify(running, { _tag: 'Stopped' })
  }

  /** Runs a step of a watch. If it throws, that is a bug, and ends the watch with an error. */
  const guarded =
    <A extends readonly unknown[]>(work: (running: Running, ...given: A) => void) =>
    (running: Running, ...given: A): void => {
      try {
        if (!running.isOver) work(running, ...given)
      } catch (defect) {
        running.error(defect)
      }
    }

  const pushFailed = (running: Running): void => {
    notify(running, { _tag: 'SourceFailed', source: 'push' })
  }

  const happen = guarded((running, transition: Transition) => {
    const step = transition(running.watch, since(running))
    const { watch, value, events } = step
    running.watch = watch
    for (const event of events) notify(running, event)
    // An observer may have stopped the watch, or pushed a status that overtook this one.
    if (value === undefined || running.isOver) return
    if (E.isRight(value) && running.watch.status !== watch.status) return
    const isEnd = E.isLeft(value) || isTerminal(value.right)
    if (isEnd) {
      stop(running)
      reportEnd(push, running.ref, step, () => {
        pushFailed(running)
      })
      notify(running, { _tag: 'Settled', value })
    }
    running.observer.next(value)
    if (isEnd) running.observer.complete()
  })

  /** Due for the next poll, if one may be made, and for the end; for nothing during a pause. */
  const wait = guarded(running => {
    const { asking, isPaused, startedAt, watch } = running
    const pollAt = asking === null ? watch.dueAt : Infinity
    queue.put(running, isPaused ? Infinity : startedAt + Math.min(pollAt, endOf(watch, deadline)))
  })

  const attempt = (running: Running): void => {
    const { ref, watch } = running
    const request = requestOf(ref, queue.after)
    if (E.isLeft(request)) {
      happen(running, gaveUp(request.left))
      return
    }
    const asking = new Subscription()
    running.asking = asking
    wait(running)
    const attempt$ = new Observable<Either<Failure, Answer>>(subscriber => {
      happen(running, started)
      // An observer may have stopped or paused the watch.
      return asking.closed ? undefined : request.right.subscribe(subscriber)
    })
    const age = since(running)
    const admitted$ =
      budget?.admit(attempt$, age - watch.askedAt, polledUpload(ref, watch, age)) ?? attempt$
    asking.add((refusedKey?.unlessRefused$(admitted$) ?? admitted$).subscribe(running))
  }

  const setPaused = (running: Running, isPaused: boolean): void => {
    if (running.isPaused === isPaused) return
    running.isPaused = isPaused
    running.asking?.unsubscribe()
    running.asking = null
    happen(running, isPaused ? paused : resumed(settings))
    wait(running)
  }

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

  /** The watch begins at the push source, which may know its end. */
  const open = guarded(running => {
    const failed = (): void => {
      pushFailed(running)
    }
    const close = openPush(push, running.ref, failed)
    // The source may have stopped the watch.
    if (running.isOver) {
      close()
      return
    }
    running.close = close
    const status = latestPush(push, running.ref, failed)
    if (status !== null) happen(running, learnedByPush(status, settings))
  })

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

  const proceed = guarded(running => {
    const { isPaused, startedAt, watch } = running
    const now = clock()
    if (brokenBy !== null) throw brokenBy.defect
    if (isPaused) return
    // A watch that began earlier may have to wait before its first attempt here.
    if (now < startedAt + Math.min(watch.dueAt, endOf(watch, deadline))) {
      wait(running)
      return
    }
    // While it asks it is due at its end alone.
    if (now >= startedAt + endOf(watch, deadline)) {
      happen(running, ranOut(deadline))
      return
    }
    if (queue.sleptOver(startedAt + watch.dueAt)) {
      happen(running, overslept(random))
      if (startedAt + running.watch.dueAt > clock()) {
        wait(running)
        return
      }
    }
    attempt(running)
  })

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
        place: -1,
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
    begun: () =>
      Array.from(all, running => ({
        ref: running.ref,
        state: running.watch,
        elapsed: since(running),
      })),
    after: queue.after,
  }
}
