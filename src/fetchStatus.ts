import type { Either } from 'fp-ts/Either'
import { asapScheduler, defer, map, scheduled, tap, type Observable } from 'rxjs'
import { classify } from './api/classify'
import type { FanslyUploadStatus } from './api/fansly'
import type { FanslyId, PlatformName } from './api/platformApi'
import type { UploadStatusOf } from './api/platforms'
import type { UploadStatus } from './api/status'
import { members } from './failure/checked'
import * as E from './failure/either'
import type { Failure } from './failure/failure'
import { settingsOf, type WatchOptions } from './options'
import { after } from './runtime/wait'
import { statusRequest } from './statusRequest'

/** How one attempt is made. Everything is optional; see {@link WatchOptions}. */
export type AttemptOptions = Pick<
  WatchOptions,
  'apiKey' | 'attemptTimeout' | 'baseUrl' | 'budget' | 'fetch' | 'headers'
>

const names: readonly string[] = [
  'apiKey',
  'attemptTimeout',
  'baseUrl',
  'budget',
  'fetch',
  'headers',
] satisfies ReadonlyArray<keyof AttemptOptions>

/**
 * Asks once for the status of an upload, and decodes the answer: emits one `Either`, then completes.
 *
 * ```
 * fetchStatus$  --(Right(processing)|)      or      --(Left(Unavailable)|)
 * ```
 *
 * The first stage of a pipeline of your own: retries, the schedule and the end are operators that
 * you place behind it. `uploadStatus$` is all of them in one, and knows more: it has a deadline, a
 * grace for a `404`, a pause, pushes, and it heeds the `Retry-After` of every answer.
 *
 * - Each subscription is one request, admitted by `budget` where there is one.
 * - Whatever goes wrong arrives as a `Left`. The error channel is for bugs.
 * - Unsubscribing aborts the request, or leaves the queue of the budget.
 *
 * @param account like `acct_…`
 * @param upload like `ofapi_media_…`, the `prefixed_id` of the `202` answer
 * @throws TypeError or RangeError that names an option which makes no sense
 *
 * @example
 * fetchStatus$('acct_1', 'ofapi_media_1')
 *   .pipe(retryTransient(), repeatOnSchedule(spaced(2_000)), untilTerminal())
 *   .subscribe(answer => console.log(answer._tag))
 */
export function fetchStatus$(
  account: string,
  upload: FanslyId,
  options?: AttemptOptions,
): Observable<Either<Failure, FanslyUploadStatus>>
export function fetchStatus$(
  account: string,
  upload: string,
  options?: AttemptOptions,
): Observable<Either<Failure, UploadStatus>>
export function fetchStatus$(
  account: string,
  upload: string,
  options: AttemptOptions = {},
): Observable<Either<Failure, UploadStatusOf<PlatformName>>> {
  members(options, 'options', names)
  const settings = settingsOf(options)
  const { budget, clock } = settings
  const request = statusRequest(settings)({ account, upload }, after)
  if (E.isLeft(request)) return scheduled([request], asapScheduler)
  const attempt$ = defer(() => {
    const startedAt = clock()
    return request.right.pipe(
      tap(answer => {
        if (E.isRight(answer)) budget?.learn(answer.right)
      }),
      map(answer => (E.isLeft(answer) ? answer : classify(upload, answer.right))),
      map(answer =>
        E.isLeft(answer)
          ? E.left({ ...answer.left, attempts: 1, elapsed: Math.round(clock() - startedAt) })
          : answer,
      ),
    )
  })
  return budget === undefined ? attempt$ : budget.admit(attempt$)
}
