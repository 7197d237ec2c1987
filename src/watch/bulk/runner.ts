import type { Either } from 'fp-ts/Either'
import { Observable, Subscription } from 'rxjs'
import type { Answer } from '../../api/answer'
import { isTerminal } from '../../api/status'
import * as E from '../../failure/either'
import type { Failure } from '../../failure/failure'
import type { RequestOf } from '../../http/request'
import type { Clock } from '../../runtime/clock'
import { notify as notifyObserver } from '../../runtime/notify'
import { polledUpload } from '../budgeted'
import type { Happening, WatchEvent } from '../event'
import { pushReceived } from '../outside'
import { latestPush, openPush, reportEnd } from '../push'
import { failedWith, timerFiredLate, paused, deadlinePassed, resumed, started } from '../transition'
import type { WatchSettings } from '../watchSettings'
import { endOf, type Transition } from '../watchState'
import type { DueQueue } from './dueQueue'
import type { Running } from './running'

/** The operations on one of many watches. */
export interface Runner {
  /** Milliseconds since the start of the watch. */
  readonly since: (running: Running) => number
  readonly notify: (running: Running, event: Happening) => void
  /** Applies a transition: reports its events, then emits its value, which may end the watch. */
  readonly happen: (running: Running, transition: Transition) => void
  /** Puts the watch into the queue for its next poll or its end. */
  readonly wait: (running: Running) => void
  readonly setPaused: (running: Running, isPaused: boolean) => void
  /** Changes the priority of its requests, including one that waits for the budget. */
  readonly prioritize: (running: Running, priority: number) => void
  /** Calls `opened` of the push source, which may already know the end of the upload. */
  readonly open: (running: Running) => void
  /** Continues a due watch: it polls, ends, or waits. */
  readonly proceed: (running: Running) => void
  /** Stops an unfinished watch: its timer, and its queued or running request. */
  readonly leave: (running: Running) => void
}

/** The dependencies that all watches share. */
interface Shared {
  readonly queue: DueQueue
  /** Returns whole milliseconds. */
  readonly clock: Clock
  /** Called when a watch has stopped. */
  readonly stopped: (running: Running) => void
}

/** Runs the effects of one watch among many. Its transitions decide what to do. */
export const createRunner = (
  requestOf: RequestOf,
  settings: WatchSettings,
  { queue, clock, stopped }: Shared,
): Runner => {
  const { budget, deadline, on, push, random, refusedKey } = settings

  const since = ({ startedAt }: Running): number => clock() - startedAt

  const notify = (running: Running, event: Happening): void => {
    if (on === undefined) return
    const { observer, ref } = running
    const { account, upload } = ref
    // The event comes last, because adding members to a copy takes 2 µs in Node 20.
    const named: WatchEvent = { account, upload, at: since(running), ...event }
    observer.inContext(notifyObserver<WatchEvent>, on, named)
  }

  const stop = (running: Running): void => {
    running.isOver = true
    stopped(running)
    queue.remove(running)
    running.asking?.unsubscribe()
    running.close?.()
    running.close = null
  }

  /** Stops a watch unless it has ended. */
  const leave = (running: Running): void => {
    if (running.isOver) return
    stop(running)
    notify(running, { _tag: 'Stopped' })
  }

  /** Runs a step of a watch. An error that it throws is a bug and errors the watch. */
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
    // A listener may have stopped the watch, or pushed a newer status.
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

  /** Schedules the next poll, if allowed, or the end; nothing during a pause. */
  const wait = guarded(running => {
    const { asking, isPaused, startedAt, watch } = running
    const pollAt = asking === null ? watch.dueAt : Infinity
    queue.put(running, isPaused ? Infinity : startedAt + Math.min(pollAt, endOf(watch, deadline)))
  })

  const attempt = (running: Running, now: number): void => {
    const { ref, startedAt, watch } = running
    const request = requestOf(ref, queue.after)
    if (E.isLeft(request)) {
      happen(running, failedWith(request.left))
      return
    }
    const asking = new Subscription()
    running.asking = asking
    wait(running)
    const attempt$ = new Observable<Either<Failure, Answer>>(subscriber => {
      happen(running, started)
      // A listener may have stopped or paused the watch.
      return asking.closed ? undefined : request.right.subscribe(subscriber)
    })
    const age = now - startedAt
    const admitted$ =
      budget?.admit(attempt$, age - watch.dueAt, polledUpload(ref, watch, age)) ?? attempt$
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

  const prioritize = guarded((running, priority: number) => {
    if ((running.ref.priority ?? 0) === priority) return
    running.ref = { ...running.ref, priority }
    const { asking, watch } = running
    // An attempt in flight has started when it was due, or later.
    if (asking === null || (watch.attempts > 0 && watch.askedAt >= watch.dueAt)) return
    asking.unsubscribe()
    attempt(running, clock())
  })

  /** Calls `opened` of the push source, and applies an end that it already knows. */
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
    if (status !== null) happen(running, pushReceived(status, settings))
  })

  const proceed = guarded(running => {
    const { isPaused, startedAt, watch } = running
    const now = clock()
    if (isPaused) return
    // A resumed watch may have to wait before its first attempt here.
    if (now < startedAt + Math.min(watch.dueAt, endOf(watch, deadline))) {
      wait(running)
      return
    }
    // During an attempt only the end of the watch is scheduled.
    if (now >= startedAt + endOf(watch, deadline)) {
      happen(running, deadlinePassed(deadline))
      return
    }
    if (queue.sleptOver(startedAt + watch.dueAt)) {
      happen(running, timerFiredLate(random))
      if (startedAt + running.watch.dueAt > clock()) {
        wait(running)
        return
      }
    }
    attempt(running, now)
  })

  return { since, notify, happen, wait, setPaused, prioritize, open, proceed, leave }
}
