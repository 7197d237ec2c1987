import type { Either } from 'fp-ts/Either'
import { map, type OperatorFunction } from 'rxjs'
import { memberOf } from '../failure/checked'
import { describe } from '../failure/match'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'

/**
 * A failure as an `Error`, for code that expects one: error boundaries, error trackers, `try`/`catch`.
 * Its `message` is the result of `describe`. Like the failure, it contains no key, header or body.
 */
export class UploadStatusError extends Error {
  override readonly name = 'UploadStatusError'

  constructor(
    /** The failure that ended the watch. */
    readonly failure: Failure,
  ) {
    super(describe(failure))
  }

  /**
   * Whether a value is such an error. `instanceof` is also true for an error of another copy of this
   * package: a program may load it as an ES module and as CommonJS, or in two bundles.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return (
      super[Symbol.hasInstance](value) ||
      (this === UploadStatusError && memberOf(value, 'name') === 'UploadStatusError')
    )
  }
}

/**
 * Wraps a failure in an `Error`.
 *
 * @example
 * uploadStatus$('acct_1', 'ofapi_media_1').pipe(failures()).subscribe(failure => {
 *   console.error(failureToError(failure))
 * })
 */
export const failureToError = (failure: Failure): UploadStatusError =>
  new UploadStatusError(failure)

/**
 * Moves failures to the error channel: emits the statuses without their `Right`, and errors with an
 * {@link UploadStatusError} instead of emitting a `Left`.
 *
 * ```
 * source     -Right(pending)--Right(completed)|      -Right(pending)--Left(failure)|
 * orThrow()  -pending---------completed|             -pending---------#
 * ```
 *
 * Use it in pipelines that already handle errors. A *failed* upload is a status, so it is emitted.
 *
 * @example
 * uploadStatus$('acct_1', 'ofapi_media_1')
 *   .pipe(orThrow())
 *   .subscribe({
 *     next: ({ status }) => console.log(status),
 *     error: (error: unknown) => console.error(error),
 *   })
 */
export const orThrow =
  <A>(): OperatorFunction<Either<Failure, A>, A> =>
  source$ =>
    source$.pipe(
      map(answer => {
        if (E.isLeft(answer)) throw failureToError(answer.left)
        return answer.right
      }),
    )
