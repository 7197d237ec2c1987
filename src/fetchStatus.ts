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

/** The options of one attempt, all optional. See {@link WatchOptions}. */
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
 * Requests the status of an upload once and decodes the answer: emits one `Either`, then completes.
 *
 * ```
 * fetchStatus$  --(Right(processing)|)      or      --(Left(Unavailable)|)
 * ```
 *
 * Use it as the first stage of your own pipeline, followed by operators for retries, the schedule and
 * the end. `uploadStatus$` combines all of them, and adds a deadline, a grace period for a `404`,
 * pauses, pushes, and support for `Retry-After` in every answer.
 *
 * - Each subscription makes one request, admitted by `budget` if there is one.
 * - Failures arrive as a `Left`. The error channel is for bugs.
 * - Unsubscribing aborts the request or leaves the budget's queue.
 *
 * @param account for example `acct_…`
 * @param upload for example `ofapi_media_…`, the `prefixed_id` of the `202` answer
 * @throws TypeError or RangeError that names the invalid option
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
