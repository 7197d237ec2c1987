import type { Either } from 'fp-ts/Either'
import { filter, map, type OperatorFunction } from 'rxjs'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'

/**
 * Emits only the statuses, without their `Right`. A failure is dropped, and the stream completes after
 * it. Use it if something else, such as `failures()`, handles the failure.
 *
 * Unsubscribing unsubscribes from the source.
 *
 * @example
 * uploadStatus$('acct_1', 'ofapi_media_1')
 *   .pipe(statuses())
 *   .subscribe(({ status }) => console.log(status))
 */
export const statuses =
  <A>(): OperatorFunction<Either<Failure, A>, A> =>
  source$ =>
    source$.pipe(
      filter(E.isRight),
      map(({ right }) => right),
    )

/**
 * Emits only the failures, without their `Left`. Unsubscribing unsubscribes from the source.
 *
 * @example
 * uploadStatus$('acct_1', 'ofapi_media_1')
 *   .pipe(failures())
 *   .subscribe(failure => console.error(describe(failure)))
 */
export const failures = (): OperatorFunction<Either<Failure, unknown>, Failure> => source$ =>
  source$.pipe(
    filter(E.isLeft),
    map(({ left }) => left),
  )
