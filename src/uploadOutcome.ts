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

/** The end of a watch, as a lazy task. */
export const outcomeOf =
  <Status extends AnyStatus>(
    watch$: Observable<Either<Failure, Status>>,
  ): TaskEither<Failure, TerminalOf<Status>> =>
  () =>
    // A watch always has an end: nothing stands in for it.
    // eslint-disable-next-line rxjs-x/no-ignored-default-value
    firstValueFrom(watch$.pipe(outcome()))

/**
 * The end of one upload as a lazy task: each call is a watch of its own, and resolves with its last
 * value. The promise never rejects, bugs aside.
 *
 * To stop it early hand in a `signal`: the task then resolves with `Left(Cancelled)`.
 *
 * @param account like `acct_…`
 * @param upload like `ofapi_media_…`
 * @throws TypeError or RangeError that names an option which makes no sense
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
