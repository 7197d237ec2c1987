import type { Either } from 'fp-ts/Either'
import { defer, endWith, map, merge, Observable, take } from 'rxjs'
import type { Answer } from './api/answer'
import { statusUrls } from './api/endpoint'
import type { UploadRef } from './api/uploadRef'
import { memberOf } from './failure/checked'
import * as E from './failure/either'
import { invalidRequest, timedOut, type Failure } from './failure/failure'
import { request$, type RequestOf } from './http/request'
import type { Settings } from './options'
import { onTimeout } from './runtime/wait'

/** Wraps a status in an answer, so that it is decoded like any other. */
const answerWith = (body: unknown): Answer => ({
  status: 200,
  header: () => null,
  body: E.right(body),
  receivedAt: NaN,
})

const isEither = <A>(value: A | null): value is A =>
  /^(Left|Right)$/.test(String(memberOf(value, '_tag')))

/** One attempt with the option `request`. */
const customRequest$ = (
  request: NonNullable<Settings['request']>,
  { account, upload }: UploadRef,
  attemptTimeout: number,
): Observable<Either<Failure, Answer>> =>
  merge(
    defer(() => request({ account, upload })).pipe(endWith(null)),
    new Observable<Either<Failure, never>>(subscriber => {
      onTimeout(subscriber, attemptTimeout, () => {
        subscriber.next(E.left(timedOut('headers', attemptTimeout)))
      })
    }),
  ).pipe(
    take(1),
    map(value => {
      if (!isEither(value)) throw new TypeError('request emitted no Either')
      return E.isLeft(value) ? value : E.right(answerWith(value.right))
    }),
  )

/** Creates the request for the status of an upload after checking all of its parts. */
export const statusRequest = (settings: Settings): RequestOf => {
  const { attemptTimeout, request } = settings
  const statusUrl = statusUrls(settings.baseUrl)
  return (ref, after) => {
    const { account, upload, platform, hint = 0, priority = 0 } = ref
    const url = statusUrl(account, upload, platform)
    if (E.isLeft(url)) return url
    if (!(hint >= 0)) return E.left(invalidRequest('hint', 'must be milliseconds from 0 up'))
    if (!(priority >= -Infinity)) return E.left(invalidRequest('priority', 'must be a number'))
    return E.right(
      request === undefined
        ? request$(url.right, settings, after, [account, upload])
        : customRequest$(request, ref, attemptTimeout),
    )
  }
}
