import type { Either } from 'fp-ts/Either'
import { filter, take, type MonoTypeOperatorFunction, type OperatorFunction } from 'rxjs'
import { type AnyStatus, type TerminalIn, type UploadStatus, isOutcome } from '../api/status'
import type { Failure } from '../failure/failure'

/**
 * Emits only the end of a watch: the terminal status, or the failure to learn it.
 *
 * ```
 * source     -pending--processing--completed|
 * outcome()  ----------------------completed|
 * ```
 *
 * A source that completes before its end, for instance by `takeUntil`, completes without a value.
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
