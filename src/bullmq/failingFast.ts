import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { catchError, defer, firstValueFrom, map, merge, of, Subject, take, timer } from 'rxjs'
import * as E from '../failure/either'
import { queueFailureOf, unavailable, type QueueFailure } from './queueFailure'

/** Milliseconds that a call to Redis may take. */
const longestCall = 5_000

/** Calls that do not wait for a Redis that is away. */
export interface FailingFast {
  /** Makes a call. It fails when the connection does, and after 5 s. */
  readonly attempt: <A>(work: () => Promise<Either<QueueFailure, A>>) => TaskEither<QueueFailure, A>
  /** Receives an error of the connection. */
  readonly failed: (error: unknown) => void
}

/** BullMQ waits for a connection without an end. These calls end with the next error of it. */
export const failingFast = (): FailingFast => {
  const failures$ = new Subject<QueueFailure>()
  return {
    attempt: work => () =>
      // One of them always emits.
      // eslint-disable-next-line rxjs-x/no-ignored-default-value
      firstValueFrom(
        merge(
          failures$.pipe(map(failure => E.left(failure))),
          timer(longestCall).pipe(map(() => E.left(unavailable('ETIMEDOUT')))),
          defer(work).pipe(catchError((error: unknown) => of(E.left(queueFailureOf(error))))),
        ).pipe(take(1)),
      ),
    failed: error => {
      failures$.next(queueFailureOf(error))
    },
  }
}
