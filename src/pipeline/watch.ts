import type { Either } from 'fp-ts/Either'
import { NEVER, Observable, Subscription } from 'rxjs'
import * as E from '../model/either'
import type { Happening, WatchEvent } from '../model/event'
import { cancelled, expired, type Failure } from '../model/failure'
import type { UploadRef } from '../model/identifier'
import { isTerminal, type UploadStatus } from '../model/uploadStatus'
import { reasonOf } from './aborted'
import { after } from './after'
import type { Answer } from './answer'
import type { RequestBudget } from './budget'
import { classify } from './classify'
import type { Clock } from './clock'
import {
  answered,
  gaveUp,
  learned,
  paused,
  resumed,
  started,
  unstarted,
  type Rules,
  type Transition,
} from './transition'

/** Later than this, in ms, and the machine must have slept. */
const slept = 5_000

/** What a watch goes by, besides the rules of its transitions. */
export interface WatchSettings extends Rules {
  readonly budget: RequestBudget | undefined
  readonly activity$: Observable<boolean> | undefined
  readonly push$: Observable<UploadStatus> | undefined
  readonly signal: AbortSignal | undefined
  readonly on: ((event: WatchEvent) => void) | undefined
  readonly clock: Clock
}

/**
 * A watch that makes a request, which emits one answer and completes, whenever a poll is due, or
 * that ends at once where no request may be sent. What comes of it all is decided in `transition`;
 * here are the effects alone.
 */
export const watch$ = (
  ref: UploadRef,
  request: Either<Failure, Observable<Either<Failure, Answer>>>,
  settings: WatchSettings,
): Observable<Either<Failure, UploadStatus>> =>
  new Observable(subscriber => {
    const { activity$, budget, clock, deadline, on, push$, random, signal } = settings
    const start = clock()
    const now = (): number => clock() - start
    let watch = unstarted
    let isOver = false
    let isActive = true

    const tell = (event: Happening): void => {
      try {
        on?.({ ...event, ...ref, at: now() })
      } catch {
        // What an observer of events throws is its own affair.
      }
    }

    const happen = (transition: Transition): void => {
      if (isOver) return
      try {
        const step = transition(watch, now())
        const { value } = step
        watch = step.watch
        step.events.forEach(tell)
        if (value === undefined || subscriber.closed) return
        isOver = E.isLeft(value) || isTerminal(value.right)
        if (isOver) tell({ _tag: 'Settled', value })
        subscriber.next(value)
        if (isOver) subscriber.complete()
      } catch (defect) {
        subscriber.error(defect)
      }
    }

    // What the watch waits for: the next attempt to be due, or the answer to one.
    let waiting = Subscription.EMPTY
    const waitInstead = (): Subscription => {
      waiting.unsubscribe()
      waiting = new Subscription()
      subscriber.add(waiting)
      return waiting
    }

    const request$ = E.isLeft(request) ? NEVER : request.right
    const attempt$ = new Observable<Either<Failure, Answer>>(asking => {
      happen(started)
      return request$.subscribe(asking)
    })
    const admitted$ = budget === undefined ? attempt$ : budget.admit(attempt$)

    const attempt = (): void => {
      waitInstead().add(
        admitted$.subscribe({
          next: answer => {
            // Judged within the step: an answer that cannot be read is a defect, like any other.
            happen((...known) => {
              if (E.isRight(answer)) budget?.learn(answer.right)
              const judged = E.isLeft(answer) ? answer : classify(ref.upload, answer.right)
              return answered(judged, settings)(...known)
            })
          },
          error: (defect: unknown) => {
            subscriber.error(defect)
          },
          complete: poll,
        }),
      )
    }

    const poll = (): void => {
      waitInstead().add(
        after(watch.dueAt - now(), () => {
          // This late, the machine must have slept, and all watches are due at once.
          if (now() - watch.dueAt > slept) waitInstead().add(after(slept * random(), attempt))
          else attempt()
        }),
      )
    }

    const activate = (next: boolean): void => {
      if (next === isActive) return
      isActive = next
      waitInstead()
      happen(isActive ? resumed : paused)
      if (isActive) poll()
    }

    const cancel = (): void => {
      happen(gaveUp(cancelled(reasonOf(signal))))
    }

    const begin = (): void => {
      if (E.isLeft(request)) happen(gaveUp(request.left))
      poll()
      subscriber.add(
        after(deadline, () => {
          happen(gaveUp(expired(deadline)))
        }),
      )
      subscriber.add(
        activity$?.subscribe({
          next: activate,
          error: () => {
            tell({ _tag: 'SourceFailed', source: 'activity$' })
            activate(true)
          },
        }),
      )
      subscriber.add(
        push$?.subscribe({
          next: status => {
            if (status.prefixed_id === ref.upload) happen(learned(status, 'push', settings))
          },
          error: () => {
            tell({ _tag: 'SourceFailed', source: 'push$' })
          },
        }),
      )
      signal?.addEventListener('abort', cancel)
      subscriber.add(() => signal?.removeEventListener('abort', cancel))
      if (signal?.aborted === true) cancel()
    }

    // Not in the turn of `subscribe`: the first value, whatever it is, comes after it has returned.
    subscriber.add(after(0, begin))
  })
