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
import type { FanslyUploadStatus } from './api/fansly'
import type { FanslyId, PlatformName } from './api/platformApi'
import type { UploadStatusOf } from './api/platforms'
import { type UploadStatus, isOutcome } from './api/status'
import { readArguments, type FanslyRef, type RefArguments, type UploadRef } from './api/uploadRef'
import * as E from './failure/either'
import type { Failure } from './failure/failure'
import { withRefusedKey } from './http/refusedKey'
import type { RequestOf } from './http/request'
import { settingsOf, type WatchOptions } from './options'
import { after } from './runtime/wait'
import { statusRequest } from './statusRequest'
import { admittedBy, informBudget, informBudgetOfStatus } from './watch/budgeted'
import { due$, inTime } from './watch/due'
import { liveWatch } from './watch/liveWatch'
import { aborted$, moves$, pushed$, whileActive } from './watch/outside'
import { decodeAnswer, received, type Received } from './watch/received'
import { failedWith, started } from './watch/transition'
import type { WatchSettings } from './watch/watchSettings'
import type { Rules, Transition } from './watch/watchState'

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
 * - Each subscription is a separate watch. The first request starts immediately, each further one when
 *   `schedule` says so after an answer. There is never more than one request in flight.
 * - A *failed* upload is a `Right`, because it is a status. A `Left` means that the watch failed; it
 *   comes last, after the retries that `options.retry` allows.
 * - Nothing is emitted before `subscribe` returns, and nothing after the end.
 * - The error channel is only for bugs, such as a `schedule` that throws.
 * - Unsubscribing stops everything immediately: the timer, the queued or running request, and its body.
 *
 * @param account for example `acct_…`; an invalid id arrives as `Left(InvalidRequest)`
 * @param upload for example `ofapi_media_…`, the `prefixed_id` of the `202` answer; checked in the same way
 * @throws TypeError or RangeError that names the invalid option
 *
 * @example
 * uploadStatus$('acct_1', 'ofapi_media_1').subscribe(answer => {
 *   if (answer._tag === 'Left') console.error(describe(answer.left))
 *   else console.log(answer.right.status)
 * })
 *
 * @see docs/protocol.md for the grammar, rule by rule
 */
export function uploadStatus$(
  account: string,
  upload: FanslyId,
  options?: WatchOptions,
): Observable<Either<Failure, FanslyUploadStatus>>
export function uploadStatus$(
  account: string,
  upload: string,
  options?: WatchOptions,
): Observable<Either<Failure, UploadStatus>>
/**
 * Watches one upload by its reference: `refs.map(ref => uploadStatus$(ref))`.
 *
 * @param ref the account and the upload, as returned by `parsePollingUrl`
 */
export function uploadStatus$(
  ref: FanslyRef,
  options?: WatchOptions,
): Observable<Either<Failure, FanslyUploadStatus>>
export function uploadStatus$(
  ref: UploadRef,
  options?: WatchOptions,
): Observable<Either<Failure, UploadStatus>>
export function uploadStatus$(
  ...given: RefArguments<WatchOptions>
): Observable<Either<Failure, UploadStatusOf<PlatformName>>> {
  const { ref, options = {} } = readArguments(given)
  const settings = withRefusedKey(settingsOf(options))
  return watch$(ref, statusRequest(settings), settings)
}

/**
 * The pipeline of a watch. Its stages emit transitions of the watch's state. The transitions decide
 * what to emit and when the next attempt is due; the operators decide the order.
 */
export const watch$ = (
  ref: UploadRef,
  requestOf: RequestOf,
  settings: WatchSettings,
): Observable<Either<Failure, UploadStatus>> =>
  defer(() => {
    const watch = liveWatch(ref, settings)
    const request = requestOf(ref, after)
    const moved$ = moves$(ref, settings, watch)
    const nextDue$ = due$(watch, moved$)

    const attempt$ = defer(() =>
      E.isLeft(request)
        ? of(failedWith(request.left))
        : request.right.pipe(
            tap(informBudget(settings.budget, ref)),
            map(answer => decodeAnswer(ref.upload, answer)),
            tap(answer => {
              informBudgetOfStatus(settings.budget, ref, watch.state(), answer, watch.elapsed())
            }),
            mergeMap(answer => transitions$(answer, settings)),
            startWith(started),
            admittedBy(settings.budget, ref, watch),
          ),
    )
    const polls$ = nextDue$.pipe(
      switchMap(() =>
        attempt$.pipe(
          inTime(watch, settings),
          retry({ delay: afterFailure(nextDue$) }),
          repeat({ delay: () => nextDue$ }),
        ),
      ),
    )
    // The timer comes first, so that nothing is emitted in the turn of `subscribe`.
    return timer(0).pipe(
      switchMap(() =>
        merge(
          aborted$(settings.signal),
          moved$.pipe(ignoreElements()),
          polls$.pipe(whileActive(settings, watch)),
          pushed$(ref, settings),
        ),
      ),
      map(watch.apply),
      filter(value => value !== undefined),
      takeWhile(value => !isOutcome(value), true),
      finalize(watch.stop),
    )
  })

/**
 * Thrown after a failed attempt, only here, to make `retry` resubscribe. After a final failure the
 * watch has already ended.
 */
const attemptFailed = new Error('an attempt failed')

/** Emits the transition for an answer, and after a failure errors for `retry`. */
const transitions$ = (answer: Received, rules: Rules): Observable<Transition> => {
  const transition$ = of(received(answer, rules))
  return E.isRight(answer.status)
    ? transition$
    : concat(
        transition$,
        throwError(() => attemptFailed),
      )
}

/** Rethrows defects, which are not failed attempts, so that they pass through `retry`. */
const afterFailure =
  (due$: Observable<unknown>) =>
  (error: unknown): Observable<unknown> => {
    if (error !== attemptFailed) throw error
    return due$
  }
