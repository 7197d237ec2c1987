import type { Either } from 'fp-ts/Either'
import { Observable, Subscription, type Observer } from 'rxjs'
import * as E from '../model/either'
import type { Happening, SourceFailed, WatchEvent } from '../model/event'
import { cancelled, expired, type Failure } from '../model/failure'
import type { UploadRef } from '../model/identifier'
import { tell as tellObserver } from '../model/tell'
import { isTerminal, type UploadStatus } from '../model/uploadStatus'
import { reasonOf } from './aborted'
import type { After } from './after'
import type { Answer } from './answer'
import type { RequestBudget } from './budget'
import { classify } from './classify'
import type { Clock } from './clock'
import { dueQueue, type Due } from './dueQueue'
import {
  answered,
  gaveUp,
  learned,
  overslept,
  paused,
  resumed,
  started,
  unstarted,
  type Rules,
  type Transition,
  type Watch,
} from './transition'

/** An upload to watch, and how long it is expected to take, in milliseconds. */
export interface ExpectedUpload extends UploadRef {
  /** An estimate, for instance from the size of the file. It decides who is polled first. */
  readonly hint?: number | undefined
}

/** What watches go by, besides the rules of their transitions. */
export interface WatchSettings extends Rules {
  readonly budget: RequestBudget | undefined
  readonly activity$: Observable<boolean> | undefined
  readonly push$: Observable<UploadStatus> | undefined
  readonly signal: AbortSignal | undefined
  readonly on: ((event: WatchEvent) => void) | undefined
  readonly clock: Clock
}

/**
 * The request for the status of an upload, which emits one answer and completes; or why none may
 * be sent.
 */
export type RequestOf = (
  ref: ExpectedUpload,
  after: After,
) => Either<Failure, Observable<Either<Failure, Answer>>>

/** What one watch emits. */
export type Watched = Either<Failure, UploadStatus>

/** One watch that runs. It is waiting, or asking, or paused, and due at its deadline at least. */
export interface Running extends Due {
  readonly ref: ExpectedUpload
  readonly observer: Observer<Watched>
  /** On the clock. */
  readonly startedAt: number
  watch: Watch
  /** The attempt that is queued or in flight. */
  asking: Subscription | null
  isPaused: boolean
  isOver: boolean
}

/** Watches that share their settings, one timer, and the sources of what happens to them. */
export interface Watches {
  /** Starts a watch. It tells the observer nothing in this turn. */
  readonly start: (ref: ExpectedUpload, observer: Observer<Watched>) => Running
  /** Stops a watch at once: its timer, its place in the budget's queue, its request. */
  readonly stop: (running: Running) => void
  readonly after: After
}

/** An upload is likely to end from this part of its expected duration on. */
const ripe = 0.7

/**
 * Watches that make a request whenever a poll is due. What comes of all that happens is decided in
 * `transition`; here are the effects alone.
 */
export const createWatches = (requestOf: RequestOf, settings: WatchSettings): Watches => {
  const { activity$, budget, deadline, on, push$, random, signal } = settings
  // Whole milliseconds take a third of the memory of others.
  const clock = (): number => Math.floor(settings.clock())
  const queue = dueQueue(settings.clock)
  const all = new Set<Running>()
  let sources = Subscription.EMPTY
  let isActive = true

  const since = ({ startedAt }: Running): number => clock() - startedAt

  const tell = (running: Running, event: Happening): void => {
    if (on === undefined) return
    const { account, upload } = running.ref
    tellObserver(on, { ...event, account, upload, at: since(running) })
  }

  const stop = (running: Running): void => {
    running.isOver = true
    all.delete(running)
    queue.remove(running)
    running.asking?.unsubscribe()
    if (all.size === 0) sources.unsubscribe()
  }

  /** Does something for a watch, which ends it where it throws: that is a bug, not a failure. */
  const guarded = (running: Running, work: () => void): void => {
    try {
      if (!running.isOver) work()
    } catch (defect) {
      stop(running)
      running.observer.error(defect)
    }
  }

  const happen = (running: Running, transition: Transition): void => {
    guarded(running, () => {
      const { watch, value, events } = transition(running.watch, since(running))
      running.watch = watch
      for (const event of events) tell(running, event)
      // Whoever was told may have stopped the watch, or pushed a status that overtook this one.
      if (value === undefined || running.isOver) return
      if (E.isRight(value) && running.watch.status !== watch.status) return
      const isEnd = E.isLeft(value) || isTerminal(value.right)
      if (isEnd) {
        stop(running)
        tell(running, { _tag: 'Settled', value })
      }
      running.observer.next(value)
      if (isEnd) running.observer.complete()
    })
  }

  /** Due for the next poll, if one may be made, and for the deadline in any case. */
  const wait = (running: Running): void => {
    guarded(running, () => {
      const { asking, isPaused, startedAt, watch } = running
      const pollAt = asking === null && !isPaused ? watch.dueAt : Infinity
      queue.put(running, startedAt + Math.min(pollAt, deadline))
    })
  }

  const attempt = (running: Running): void => {
    const { ref, startedAt, watch } = running
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
      // Whoever was told of it may have stopped or paused the watch.
      return asking.closed ? undefined : request.right.subscribe(subscriber)
    })
    // Until it is ripe an upload does not go unasked, as far as the order of the queue is concerned.
    const unasked = startedAt + Math.max(watch.askedAt, ripe * (ref.hint ?? 0))
    asking.add(
      (budget === undefined ? attempt$ : budget.admit(attempt$, clock() - unasked)).subscribe({
        next: answer => {
          // Judged within the step: an answer that cannot be read is a defect, like any other.
          happen(running, (...known) => {
            if (E.isRight(answer)) budget?.learn(answer.right)
            const judged = E.isLeft(answer) ? answer : classify(ref.upload, answer.right)
            return answered(judged, settings)(...known)
          })
        },
        error: (defect: unknown) => {
          guarded(running, () => {
            throw defect
          })
        },
        complete: () => {
          running.asking = null
          wait(running)
        },
      }),
    )
  }

  const setPaused = (running: Running, isPaused: boolean): void => {
    if (running.isPaused === isPaused) return
    running.isPaused = isPaused
    running.asking?.unsubscribe()
    running.asking = null
    happen(running, isPaused ? paused : resumed)
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
    for (const running of all) tell(running, { _tag: 'SourceFailed', source })
  }

  /** Subscribes to what all watches share, for as long as there are any. */
  const follow = (): void => {
    isActive = true
    sources = new Subscription()
    signal?.addEventListener('abort', cancel)
    sources.add(() => signal?.removeEventListener('abort', cancel))
    sources.add(
      activity$?.subscribe({
        next: activate,
        error: () => {
          sourceFailed('activity$')
          activate(true)
        },
      }),
    )
    sources.add(
      push$?.subscribe({
        next: status => {
          for (const running of all)
            if (running.ref.upload === status.prefixed_id)
              happen(running, learned(status, 'push', settings))
        },
        error: () => {
          sourceFailed('push$')
        },
      }),
    )
  }

  const due = (running: Running): void => {
    if (sources.closed) follow()
    if (signal?.aborted === true) cancel()
    setPaused(running, !isActive)
    guarded(running, () => {
      const { asking, isPaused, startedAt, watch } = running
      if (clock() >= startedAt + deadline) happen(running, gaveUp(expired(deadline)))
      else if (asking === null && !isPaused)
        if (queue.sleptOver(startedAt + watch.dueAt)) {
          happen(running, overslept(random))
          wait(running)
        } else attempt(running)
    })
  }

  function onDue(this: Running): void {
    due(this)
  }

  return {
    start: (ref, observer) => {
      const startedAt = clock()
      const running: Running = {
        rank: 0,
        order: 0,
        place: -1,
        onDue,
        ref,
        observer,
        startedAt,
        watch: unstarted,
        asking: null,
        isPaused: false,
        isOver: false,
      }
      all.add(running)
      // Not in this turn: the first value, whatever it is, comes after `subscribe` has returned.
      queue.put(running, startedAt)
      return running
    },
    stop,
    after: queue.after,
  }
}
