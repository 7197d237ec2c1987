import type { Either } from 'fp-ts/Either'
import { defer, map, of, take, throwIfEmpty, timeout, type Observable } from 'rxjs'
import type { Answer } from './api/answer'
import { statusUrls } from './api/endpoint'
import type { UploadStatus } from './api/status'
import type { UploadRef } from './api/uploadRef'
import * as E from './failure/either'
import { invalidRequest, timedOut, type Failure } from './failure/failure'
import { request$, type RequestOf } from './http/request'
import type { Settings } from './options'

/** A status as the answer that it would have come in, so that it is decoded like any other. */
const answerWith = (body: UploadStatus): Answer => ({
  status: 200,
  header: () => null,
  body: E.right(body),
  receivedAt: NaN,
})

const isEither = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  '_tag' in value &&
  (value._tag === 'Left' || value._tag === 'Right')

/** One attempt by a function that was handed in. */
const handedIn$ = (
  request: NonNullable<Settings['request']>,
  { account, upload }: UploadRef,
  attemptTimeout: number,
): Observable<Either<Failure, Answer>> =>
  defer(() => request({ account, upload })).pipe(
    timeout({ first: attemptTimeout, with: () => of(E.left(timedOut('headers', attemptTimeout))) }),
    take(1),
    throwIfEmpty(() => new TypeError('option request gave no value: it must emit an Either')),
    map(value => {
      if (!isEither(value)) throw new TypeError('option request must emit an Either')
      return E.isLeft(value) ? value : E.right(answerWith(value.right))
    }),
  )

/** The request for the status of an upload, once every part of it is known to be safe. */
export const statusRequest = (settings: Settings): RequestOf => {
  const { attemptTimeout, request } = settings
  const statusUrl = statusUrls(settings.baseUrl)
  return (ref, after) => {
    const { account, upload, hint = 0 } = ref
    const url = statusUrl(account, upload)
    if (E.isLeft(url)) return url
    if (!(hint >= 0)) return E.left(invalidRequest('hint', 'must be milliseconds, from 0 up'))
    return E.right(
      request === undefined
        ? request$(url.right, settings, after, [account, upload])
        : handedIn$(request, ref, attemptTimeout),
    )
  }
}
