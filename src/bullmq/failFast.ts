import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { catchError, defer, firstValueFrom, map, merge, of, Subject, take, timer } from 'rxjs'
import * as E from '../failure/either'
import { queueFailureOf, unavailable, type QueueFailure } from './queueFailure'

/** Milliseconds after which a call to Redis fails. */
const callTimeout = 5_000

/** Makes calls that fail soon instead of waiting for an unavailable Redis. */
export interface FailFast {
  /** Makes a call. It fails when the connection fails, or after 5 s. */
  readonly attempt: <A>(work: () => Promise<Either<QueueFailure, A>>) => TaskEither<QueueFailure, A>
  /** Call with each error of the connection. */
  readonly failed: (error: unknown) => void
}

/** BullMQ waits for a connection indefinitely. These calls fail with its next error. */
export const failFast = (): FailFast => {
  const failures$ = new Subject<QueueFailure>()
  return {
    attempt: work => () =>
      // The merged streams always emit.
      // eslint-disable-next-line rxjs-x/no-ignored-default-value
      firstValueFrom(
        merge(
          failures$.pipe(map(failure => E.left(failure))),
          timer(callTimeout).pipe(map(() => E.left(unavailable('ETIMEDOUT')))),
          defer(work).pipe(catchError((error: unknown) => of(E.left(queueFailureOf(error))))),
        ).pipe(take(1)),
      ),
    failed: error => {
      failures$.next(queueFailureOf(error))
    },
  }
}
