import type { Either } from 'fp-ts/Either'
import { filter, map, type OperatorFunction } from 'rxjs'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'

/**
 * The statuses alone; a failure completes the stream in silence. Use it where something else, like
 * `failures()`, looks after the rest.
 */
export const statuses =
  <A>(): OperatorFunction<Either<Failure, A>, A> =>
  source$ =>
    source$.pipe(
      filter(E.isRight),
      map(({ right }) => right),
    )

/** The failures alone. */
export const failures = (): OperatorFunction<Either<Failure, unknown>, Failure> => source$ =>
  source$.pipe(
    filter(E.isLeft),
    map(({ left }) => left),
  )
