import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { firstValueFrom, type Observable } from 'rxjs'
import type { FanslyUploadStatus } from './api/fansly'
import type { FanslyId, PlatformName } from './api/platformApi'
import type { UploadStatusOf } from './api/platforms'
import type { AnyStatus, TerminalOf, TerminalStatus } from './api/status'
import type { Failure } from './failure/failure'
import { outcome } from './operators/outcome'
import type { WatchOptions } from './options'
import { uploadStatus$ } from './uploadStatus'

/** Returns the outcome of a watch as a lazy task. */
export const outcomeOf =
  <Status extends AnyStatus>(
    watch$: Observable<Either<Failure, Status>>,
  ): TaskEither<Failure, TerminalOf<Status>> =>
  () =>
    // No default value, because a watch always has an outcome.
    // eslint-disable-next-line rxjs-x/no-ignored-default-value
    firstValueFrom(watch$.pipe(outcome()))

/**
 * Returns the outcome of one upload as a lazy task. Each call starts a new watch and resolves with its
 * last value. The promise rejects only on a bug.
 *
 * To stop it early, pass a `signal`: the task then resolves with `Left(Cancelled)`.
 *
 * @param account for example `acct_…`
 * @param upload for example `ofapi_media_…`
 * @throws TypeError or RangeError that names the invalid option
 *
 * @example
 * const end = await uploadOutcome('acct_1', 'ofapi_media_1')()
 * if (end._tag === 'Left') console.error(describe(end.left))
 * else console.log(end.right.status)
 */
export function uploadOutcome(
  account: string,
  upload: FanslyId,
  options?: WatchOptions,
): TaskEither<Failure, TerminalOf<FanslyUploadStatus>>
export function uploadOutcome(
  account: string,
  upload: string,
  options?: WatchOptions,
): TaskEither<Failure, TerminalStatus>
export function uploadOutcome(
  account: string,
  upload: string,
  options?: WatchOptions,
): TaskEither<Failure, TerminalOf<UploadStatusOf<PlatformName>>> {
  return outcomeOf(uploadStatus$(account, upload, options))
}
