import type { Either } from 'fp-ts/Either'
import { takeWhile, type MonoTypeOperatorFunction } from 'rxjs'
import { type AnyStatus, type UploadStatus, isOutcome } from '../api/status'
import type { Failure } from '../failure/failure'

/**
 * Mirrors the source up to and including the first terminal status or failure, then completes.
 *
 * ```
 * source           -pending--processing--completed--completed-
 * untilTerminal()  -pending--processing--(completed|)
 * ```
 *
 * Use it as the last operator of your own pipeline. It is an inclusive `takeWhile`: the value that ends
 * the stream is also emitted. Unsubscribing unsubscribes from the source.
 *
 * @example
 * const watch$ = fetchStatus$('acct_1', 'ofapi_media_1').pipe(
 *   retryTransient(),
 *   repeatOnSchedule(),
 *   untilTerminal(),
 * )
 */
export const untilTerminal = <
  Value extends Either<Failure, AnyStatus> = Either<Failure, UploadStatus>,
>(): MonoTypeOperatorFunction<Value> => takeWhile(answer => !isOutcome(answer), true)
