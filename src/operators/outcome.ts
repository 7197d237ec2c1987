import type { Either } from 'fp-ts/Either'
import { filter, take, type MonoTypeOperatorFunction, type OperatorFunction } from 'rxjs'
import { type AnyStatus, type TerminalIn, type UploadStatus, isOutcome } from '../api/status'
import type { Failure } from '../failure/failure'

/**
 * Emits only the outcome of a watch: the terminal status, or the failure that ended it.
 *
 * ```
 * source     -pending--processing--completed|
 * outcome()  ----------------------completed|
 * ```
 *
 * If the source completes earlier, for example through `takeUntil`, it completes without a value.
 * Unsubscribing unsubscribes from the source.
 *
 * @example
 * uploadStatus$('acct_1', 'ofapi_media_1')
 *   .pipe(outcome())
 *   .subscribe(end => console.log(end._tag))
 */
export function outcome<
  Value extends Either<Failure, AnyStatus> = Either<Failure, UploadStatus>,
>(): OperatorFunction<Value, Either<Failure, TerminalIn<Value>>>
export function outcome(): MonoTypeOperatorFunction<Either<Failure, AnyStatus>> {
  return source$ => source$.pipe(filter(isOutcome), take(1))
}
