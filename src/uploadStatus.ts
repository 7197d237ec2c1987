import type { Either } from 'fp-ts/Either'
import { Observable, Subscription } from 'rxjs'
import * as E from '#fp/Either'
import { statusUrl } from './model/endpoint'
import type { Happening } from './model/event'
import { cancelled, expired, type Failure } from './model/failure'
import type { UploadRef } from './model/identifier'
import { isTerminal, type UploadStatus } from './model/uploadStatus'
import { settingsOf, type Settings, type WatchOptions } from './options'
import { after } from './pipeline/after'
import type { Answer } from './pipeline/answer'
import { reasonOf } from './pipeline/aborted'
import { classify } from './pipeline/classify'
import { request$ } from './pipeline/request'
import {
  answered,
  gaveUp,
  learned,
  paused,
  resumed,
  started,
  unstarted,
  type Transition,
} from './pipeline/watch'

/**
 * Watches one upload until it is `completed` or `failed`.
 *
 * ```
 * watch = Right(status)*  ( Right(terminal status) | Left(failure) )   then complete
 *
 * answers   pending   pending   processing   503   processing   completed
 * emits     pending             processing                      completed |
 * ```
 *
 * - Each subscription is a watch of its own. The first request starts at once, the next ones when
 *   `schedule` says so after an answer; there is never more than one in flight.
 * - An upload that *failed* is a `Right`: the server said so. A `Left` means that the status could
 *   not be learned; it comes last, after the retries that `options.retry` allows.
 * - Nothing is emitted before the call to `subscribe` returns, and nothing after the end.
 * - The error channel is for bugs alone, like a `schedule` that throws.
 * - Unsubscribing stops everything at once: timer, place in the budget's queue, request and body.
 *
 * @param account like `acct_…`; one that is no legal id arrives as `Left(InvalidRequest)`
 * @param upload like `ofapi_media_…`, the `prefixed_id` of the `202` answer; checked likewise
 * @throws TypeError or RangeError that names an option which makes no sense
 *
 * @example
 * uploadStatus$('acct_1', 'ofapi_media_1').subscribe(
 *   either.match(
 *     failure => console.error(describe(failure)),
 *     status => console.log(status.status),
 *   ),
 * )
 *
 * @see docs/protocol.md for the grammar, rule by rule
 */
export const uploadStatus$ = (
  account: string,
  upload: string,
  options: WatchOptions = {},
): Observable<Either<Failure, UploadStatus>> => {
  const settings = settingsOf(options)
  const url = statusUrl(settings.baseUrl, account, upload)
  return watch$({ account, upload }, request$(url, settings), settings)
}

/** Later than this, in ms, and the machine must have slept. */
const slept = 5_000

/**
 * A watch that makes a request, which emits one answer and completes, whenever a poll is due. What
 * comes of it all is decided in `pipeline/watch`; here are the effects alone.
 */
export const watch$ = (
  ref: UploadRef,
  request$: Observable<Either<Failure, Answer>>,
  settings: Settings,
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
        isOver = value !== undefined && (E.isLeft(value) || isTerminal(value.right))
        step.events.forEach(tell)
        if (value !== undefined) subscriber.next(value)
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

    const attempt$ = new Observable<Either<Failure, Answer>>(asking => {
      happen(started)
      return request$.subscribe(asking)
    })
    const admitted$ = budget === undefined ? attempt$ : budget.admit(attempt$)

    const attempt = (): void => {
      waitInstead().add(
        admitted$.subscribe({
          next: answer => {
            if (E.isRight(answer)) budget?.learn(answer.right)
            happen(
              answered(E.isLeft(answer) ? answer : classify(ref.upload, answer.right), settings),
            )
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
            if (status.prefixed_id === ref.upload) happen(learned(status, null, settings))
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
