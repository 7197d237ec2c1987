import type { Either } from 'fp-ts/Either'
import { filter, take, type OperatorFunction } from 'rxjs'
import { type TerminalStatus, type UploadStatus, isOutcome } from '../api/status'
import type { Failure } from '../failure/failure'

/**
 * Only the end of a watch: the terminal status, or the failure to learn it.
 *
 * ```
 * source     -pending--processing--completed|
 * outcome()  ----------------------completed|
 * ```
 *
 * A source that completes before its end, for instance by `takeUntil`, completes without a value.
 */
export const outcome =
  (): OperatorFunction<Either<Failure, UploadStatus>, Either<Failure, TerminalStatus>> => source$ =>
    source$.pipe(filter(isOutcome), take(1))
