import type { Either } from 'fp-ts/Either'
import {
  concat,
  defer,
  filter,
  finalize,
  ignoreElements,
  map,
  merge,
  mergeMap,
  of,
  repeat,
  retry,
  startWith,
  switchMap,
  takeWhile,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs'
import type { Answer } from './api/answer'
import { type UploadStatus, isOutcome } from './api/status'
import { readArguments, type RefArguments, type UploadRef } from './api/uploadRef'
import * as E from './failure/either'
import type { Failure } from './failure/failure'
import { withRefusedKey } from './http/refusedKey'
import type { RequestOf } from './http/request'
import { settingsOf, type WatchOptions } from './options'
import { wait$, after } from './runtime/wait'
import { statusRequest } from './statusRequest'
import { due$ } from './watch/due'
import { liveWatch } from './watch/liveWatch'
import { aborted$, moves$, pushed$, whileActive } from './watch/outside'
import { decodeAnswer, received, teach } from './watch/received'
import { gaveUp, ranOut, sourceFailed, started } from './watch/transition'
import type { WatchSettings } from './watch/watchSettings'
import { endOf, type Transition } from './watch/watchState'

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
 * @param ref both of them, in place of the two: `refs.map(ref => uploadStatus$(ref))`
 * @throws TypeError or RangeError that names an option which makes no sense
 *
 * @example
 * uploadStatus$('acct_1', 'ofapi_media_1').subscribe(answer => {
 *   if (answer._tag === 'Left') console.error(describe(answer.left))
 *   else console.log(answer.right.status)
 * })
 *
 * @see docs/protocol.md for the grammar, rule by rule
 */
export const uploadStatus$: {
  (
    account: string,
    upload: string,
    options?: WatchOptions,
  ): Observable<Either<Failure, UploadStatus>>
  (ref: UploadRef, options?: WatchOptions): Observable<Either<Failure, UploadStatus>>
} = (...given: RefArguments<WatchOptions>) => {
  const { ref, options = {} } = readArguments(given)
  const shared = settingsOf(options)
  return defer(() => {
    const settings = withRefusedKey(shared)
    return watch$(ref, statusRequest(settings), settings)
  })
}

/**
 * The pipeline of a watch: timer, fetch, decode, retry, repeat, and the end.
 *
 * Each stage emits what happens to the watch, as a transition of its state. They are applied in one
 * place, which also notifies `on`. The transitions decide what is emitted and when the next attempt
 * is due; the operators say in which order things happen.
 */
export const watch$ = (
  ref: UploadRef,
  requestOf: RequestOf,
  settings: WatchSettings,
): Observable<Either<Failure, UploadStatus>> =>
  defer(() => {
    const { activity$, budget, deadline, signal } = settings
    const watch = liveWatch(ref, settings)
    const request = requestOf(ref, after)
    const moved$ = moves$(ref, settings, watch)
    const nextDue$ = due$(watch, settings, moved$)

    const attemptOf$ = (request$: Observable<Either<Failure, Answer>>): Observable<Transition> =>
      request$.pipe(
        tap(answer => {
          teach(budget, ref, answer)
        }),
        // io-ts: a status, or a typed failure.
        map(answer => decodeAnswer(ref.upload, answer)),
        mergeMap(answer => {
          const transition$ = of(received(answer, settings))
          return E.isRight(answer.status) ? transition$ : concat(transition$, failed$)
        }),
        startWith(started),
      )

    const end = (): number => endOf(watch.state(), deadline)

    const poll$ = defer(() => {
      if (watch.elapsed() >= end()) return of(ranOut(deadline))
      if (E.isLeft(request)) return of(gaveUp(request.left))
      const attempt$ = attemptOf$(request.right)
      return budget?.admit(attempt$, watch.elapsed() - watch.state().askedAt) ?? attempt$
    })

    // A timer, then an attempt; both operators wait for the next time that one is due.
    const polls$ = nextDue$.pipe(
      switchMap(() =>
        poll$.pipe(retry({ delay: afterFailure(nextDue$) }), repeat({ delay: () => nextDue$ })),
      ),
    )

    const end$ = defer(() => wait$(end() - watch.elapsed())).pipe(map(() => ranOut(deadline)))

    // Nothing is emitted in the turn of `subscribe`.
    return timer(0).pipe(
      switchMap(() =>
        merge(
          aborted$(signal),
          moved$.pipe(ignoreElements()),
          merge(end$, polls$).pipe(
            whileActive(activity$, settings, () => watch.apply(sourceFailed('activity$'))),
          ),
          pushed$(ref, settings),
        ),
      ),
      map(transition => watch.apply(transition)),
      filter(value => value !== undefined),
      takeWhile(value => !isOutcome(value), true),
      finalize(watch.close),
    )
  })

/**
 * A failed attempt crosses to the error rail here, and nowhere else, so that `retry` subscribes
 * again. If its failure is final, the watch has ended by then.
 */
const attemptFailed = new Error('an attempt failed')
const failed$ = throwError(() => attemptFailed)

/** A defect is no failed attempt: it passes through `retry`. */
const afterFailure =
  (due$: Observable<unknown>) =>
  (error: unknown): Observable<unknown> => {
    if (error !== attemptFailed) throw error
    return due$
  }
