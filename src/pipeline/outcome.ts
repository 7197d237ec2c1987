import type { Either } from 'fp-ts/Either'
import { filter, take, type OperatorFunction } from 'rxjs'
import * as E from '../model/either'
import type { Failure } from '../model/failure'
import { isTerminal, type TerminalStatus, type UploadStatus } from '../model/uploadStatus'

/** Whether a value is the last of a watch: a terminal status, or a failure. */
export const isOutcome = (
  value: Either<Failure, UploadStatus>,
): value is Either<Failure, TerminalStatus> => E.isLeft(value) || isTerminal(value.right)

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
