import type { Either } from 'fp-ts/Either'
import { Observable, Subscription } from 'rxjs'
import platform from '#platform'
import { classify } from '../../api/classify'
import { having, memberOf } from '../../failure/checked'
import * as E from '../../failure/either'
import {
  invalidRequest,
  malformed,
  timedOut,
  unavailable,
  type Failure,
  type TimedOut,
} from '../../failure/failure'
import { defectOf } from '../../http/defect'
import type { FetchResponse } from '../../http/fetch'
import { onTimeout } from '../../runtime/wait'
import { writeRefs } from '../protocol/reference'
import type { RelayedSettings } from './clientOptions'
import { eventReader, type ServerEvent } from './eventStream'
import type { OpenStream } from './openStream'

/** The most characters of an incomplete event. */
const longest = 65_536

const isStream = ({ status, headers }: FetchResponse): boolean =>
  status === 200 && /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')

/** The failure for an answer that is not a stream. Ignores the body: only the status counts. */
const refused = ({ status, headers }: FetchResponse): Either<Failure, never> => {
  const answer = {
    status,
    header: (name: string) => headers.get(name),
    receivedAt: Date.now(),
    body: E.right(null),
  }
  const failure = classify('', answer)
  return E.isLeft(failure) && status !== 200 ? failure : E.left(unavailable(status))
}

const createDecoder = (): TextDecoder => {
  if (typeof TextDecoder === 'undefined')
    throw new ReferenceError('there is no TextDecoder here: a relay needs a global one')
  return new TextDecoder()
}

/** Whether a URL can be requested. A relative one needs a page, which a blob worker lacks. */
const isAddress = (url: string): boolean => {
  try {
    return /^http/.test(new URL(url, (globalThis as { location?: Location }).location?.href).href)
  } catch {
    return false
  }
}

const unresolved = invalidRequest(
  'baseUrl',
  'must be the URL of the relay, from http:// or https:// on; a path needs a page',
)

/**
 * Opens one connection. Emits an empty list once the relay has accepted it, then the events of each chunk,
 * or a failure. Completes when the relay closes it. Unsubscribing aborts it.
 */
const streamEvents$ = (
  url: string,
  lastEventId: string,
  { fetch, headers, attemptTimeout, silence }: RelayedSettings,
): Observable<Either<Failure, readonly ServerEvent[]>> =>
  new Observable(subscriber => {
    const sent = {
      accept: 'text/event-stream',
      ...headers,
      // Omitted if nothing is known, so that another origin needs no CORS preflight.
      ...(/[^0]/.test(lastEventId) && { 'last-event-id': lastEventId }),
    }
    const request = platform.abortable(sent, fetch, url)
    let timeout = Subscription.EMPTY
    // Aborting a body that was just read to its end would show a failed request in browsers.
    let isRead = false

    const end = (failure: Either<Failure, never> | null): void => {
      if (failure !== null) subscriber.next(failure)
      subscriber.complete()
    }

    const within = (ms: number, phase: TimedOut['phase']): void => {
      timeout.unsubscribe()
      timeout = new Subscription()
      onTimeout(timeout, ms, () => {
        end(E.left(timedOut(phase, ms)))
      })
    }

    const lost = (error: unknown): Either<Failure, never> => {
      const text = `${String(error)} ${String(memberOf(error, 'cause'))}`
      if (!isAddress(url) && /URL|pattern|protocol|scheme/.test(text)) return E.left(unresolved)
      const failure = platform.failureOf(error, url)
      if (failure === null) throw defectOf(error, headers, text => text)
      return E.left(failure)
    }

    const read = async (): Promise<Either<Failure, never> | null> => {
      const decoder = createDecoder()
      // A fetch may throw as well as reject.
      const ask = async (): Promise<FetchResponse> => fetch(url, request.init)
      const answered = await ask().then(E.right, lost)
      if (E.isLeft(answered)) return answered
      const response = answered.right
      having(response, 'the result of fetch', 'text', 'a Response')
      request.answered?.(url, response)
      if (!isStream(response)) return refused(response)
      const next = platform.readerOf(response.body)
      if (next === null) return E.left(malformed('empty'))
      const reader = eventReader()
      subscriber.next(E.right([]))
      while (!subscriber.closed) {
        within(silence, 'body')
        const chunk = await next().then(E.right, lost)
        if (E.isLeft(chunk)) return chunk
        const { value } = chunk.right
        if (value === undefined) {
          isRead = true
          break
        }
        const events = reader.read(decoder.decode(value, { stream: true }))
        if (reader.unread() > longest) return E.left(malformed('oversized'))
        subscriber.next(E.right(events))
      }
      return null
    }

    within(attemptTimeout, 'headers')
    subscriber.add(() => {
      timeout.unsubscribe()
      if (!isRead) request.abort()
    })
    read().then(end, (defect: unknown) => {
      subscriber.error(defect)
    })
  })

/** Streams that are requests to a relay. */
export const requestStream =
  (url: string, settings: RelayedSettings): OpenStream =>
  (refs, known) =>
    streamEvents$(`${url}${url.includes('?') ? '&' : '?'}${writeRefs(refs)}`, known, settings)
