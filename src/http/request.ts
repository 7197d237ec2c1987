import type { Either } from 'fp-ts/Either'
import { from, noop, Observable } from 'rxjs'
import platform from '#platform'
import type { Answer } from '../api/answer'
import { isPageText, isPage } from '../api/page'
import { isRecord, parseJson } from '../api/parseJson'
import type { ExpectedUpload } from '../api/uploadRef'
import { having } from '../failure/checked'
import * as E from '../failure/either'
import { malformed, timedOut, unavailable, type Failure, type TimedOut } from '../failure/failure'
import { onTimeout, type After } from '../runtime/wait'
import { askKey, type ApiKey } from './apiKey'
import { readBody } from './body'
import { defectOf } from './defect'
import type { Fetch, FetchResponse } from './fetch'
import { redactor } from './redact'
import type { RefusedKey } from './refusedKey'

/** The most bytes of a body after decompression. Answers of the API have at most a few thousand. */
const bodyCap = 256 * 1_024

const isRedirect = ({ status, type }: FetchResponse): boolean =>
  type === 'opaqueredirect' || (status >= 300 && status < 400)

const isUnauthorized = (
  result: Either<Failure, Answer>,
): result is Extract<Either<Failure, Answer>, { readonly _tag: 'Right' }> =>
  E.isRight(result) && result.right.status === 401 && !isPage(result.right)

/** Whether a Node decompressor that has ended still expects bytes after its compressed stream. */
const takesMore = (body: unknown): boolean => isRecord(body) && body['writableEnded'] === false

/** Returns a function that adds the body to the answer of a response, whose headers just arrived. */
const answerOf = (
  { status, headers }: FetchResponse,
  redact: (text: string) => string,
): ((body: Answer['body']) => Either<never, Answer>) => {
  const header = (name: string): string | null => {
    const value = headers.get(name)
    // An empty header counts as none.
    return value ? redact(value) : null
  }
  const receivedAt = Date.now()
  return body => E.right({ status, header, receivedAt, body })
}

/** The settings of one request. */
export interface RequestSettings {
  readonly fetch: Fetch
  readonly apiKey: ApiKey
  readonly headers: { readonly [name: string]: string }
  readonly attemptTimeout: number
  /** Handles a `401`. Without it, a `401` is an ordinary failure. */
  readonly refusedKey?: RefusedKey
}

/**
 * Returns the request for the status of an upload, which emits one answer and completes, or the
 * failure that prevents it.
 */
export type RequestOf = (
  ref: ExpectedUpload,
  after: After,
) => Either<Failure, Observable<Either<Failure, Answer>>>

/**
 * Makes one request, emits its answer or a failure, and completes. One timeout covers the key, the
 * headers and the body. Unsubscribing and the timeout both abort the request and its body. A bug, ours
 * or in the caller's `fetch`, arrives as an error: no retry could fix it.
 *
 * Promises end here. Everything downstream is synchronous.
 *
 * @param after schedules the timeout; by default a separate timer
 * @param ids the ids in the URL, which are never redacted
 */
export const request$ = (
  url: string,
  { fetch, apiKey, headers, attemptTimeout, refusedKey }: RequestSettings,
  after?: After,
  ids: readonly string[] = [],
): Observable<Either<Failure, Answer>> =>
  new Observable(subscriber => {
    const lateIn = (phase: TimedOut['phase']) => E.left(timedOut(phase, attemptTimeout))
    /** The result if the time is up now. */
    let late: Either<Failure, Answer> = lateIn('apiKey')
    let abort = noop

    /** Requests the status with this key, and reads the body. */
    const send = async (key: string | null): Promise<Either<Failure, Answer>> => {
      // The server and `fetch` know the key, so every text from them is redacted.
      const redact = redactor(key, ids)

      const failed = (error: unknown): Either<Failure, never> => {
        const failure = platform.failureOf(error, url)
        if (failure === null) throw defectOf(error, headers, redact)
        return E.left(
          failure._tag === 'Unreachable' ? { ...failure, code: redact(failure.code) } : failure,
        )
      }

      const request = platform.abortable(
        {
          accept: 'application/json',
          ...platform.headers,
          ...headers,
          ...(key !== null && { authorization: `Bearer ${key}` }),
        },
        fetch,
        url,
      )
      abort = request.abort
      late = lateIn('headers')
      let response: FetchResponse
      try {
        response = await fetch(url, request.init)
      } catch (error) {
        // There is nothing to abort, and aborting Node's own fetch now can throw an uncaught error.
        abort = noop
        return failed(error)
      }
      having(response, 'the result of fetch', 'text', 'a Response')
      request.answered?.(url, response)
      const answerWith = answerOf(response, redact)
      // From here on the status is known, even if the body fails.
      late = answerWith(lateIn('body'))
      if (isRedirect(response)) return late
      let text: string | null
      try {
        text = await readBody(response, platform.readerOf, bodyCap)
      } catch (error) {
        return answerWith(failed(error))
      }
      if (text === null) return answerWith(E.left(malformed('oversized')))
      // For a status without a body, Node's own fetch exposes none, even if bytes are arriving.
      if (response.body !== null && !takesMore(response.body)) abort = noop
      return answerWith(
        isPageText(text)
          ? E.left(unavailable(response.status, null, true))
          : parseJson(text, redact),
      )
    }

    const exchange = async (): Promise<Either<Failure, Answer>> => {
      const key = await askKey(apiKey)
      if (E.isLeft(key)) return key
      if (subscriber.closed) return late
      const result = await send(key.right)
      return refusedKey === undefined || key.right === null || !isUnauthorized(result)
        ? result
        : E.right(await refusedKey.recheck(key.right, result.right))
    }

    onTimeout(
      subscriber,
      attemptTimeout,
      () => {
        subscriber.next(late)
        subscriber.complete()
      },
      after,
    )
    from(exchange()).subscribe(subscriber)
    return () => {
      abort()
    }
  })
