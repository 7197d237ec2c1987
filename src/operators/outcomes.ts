import type { Either } from 'fp-ts/Either'
import { filter, type MonoTypeOperatorFunction, type OperatorFunction } from 'rxjs'
import { type AnyStatus, type TerminalIn, type TerminalStatus, isOutcome } from '../api/status'
import type { UploadRef, TrackedStatus } from '../api/uploadRef'
import type { Failure } from '../failure/failure'

/** The outcome of one upload of many: its terminal status, or the failure that ended its watch. */
export interface TrackedOutcome<Status = TerminalStatus> extends UploadRef {
  readonly status: Either<Failure, Status>
}

/**
 * Emits only the outcome of each upload: one value per upload.
 *
 * ```
 * source      -a:pending--b:completed--a:failed|
 * outcomes()  ------------b:completed--a:failed|
 * ```
 *
 * @example
 * uploadStatuses$([{ account: 'acct_1', upload: 'ofapi_media_1' }])
 *   .pipe(outcomes())
 *   .subscribe(({ upload, status }) => console.log(upload, status._tag))
 */
export function outcomes<
  Tracked extends TrackedStatus<AnyStatus> = TrackedStatus,
>(): OperatorFunction<Tracked, TrackedOutcome<TerminalIn<Tracked['status']>>>
export function outcomes(): MonoTypeOperatorFunction<TrackedStatus<AnyStatus>> {
  return filter(({ status }) => isOutcome(status))
}
