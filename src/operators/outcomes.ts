import type { Either } from 'fp-ts/Either'
import { filter, type OperatorFunction } from 'rxjs'
import { type TerminalStatus, isOutcome } from '../api/status'
import type { UploadRef, TrackedStatus } from '../api/uploadRef'
import type { Failure } from '../failure/failure'

/** How one upload of many ended: its terminal status, or the failure to learn it. */
export interface TrackedOutcome extends UploadRef {
  readonly status: Either<Failure, TerminalStatus>
}

const isTrackedOutcome = (tracked: TrackedStatus): tracked is TrackedOutcome =>
  isOutcome(tracked.status)

/**
 * Emits only how each upload ended: one value an upload.
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
export const outcomes = (): OperatorFunction<TrackedStatus, TrackedOutcome> =>
  filter(isTrackedOutcome)
