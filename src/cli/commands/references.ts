import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Observable, Subscription } from 'rxjs'
import { parsePollingUrl, statusUrl } from '../../api/endpoint'
import type { UploadRef } from '../../api/uploadRef'
import { invalidRequest, type Failure } from '../../failure/failure'
import type { InvalidLine } from '../display/updates'

/** Parses an account id and an upload id. */
export const parseIds = (
  account: string,
  upload: string,
  baseUrl: string,
): Either<Failure, UploadRef> =>
  E.map(() => ({ account, upload }))(statusUrl(baseUrl, account, upload))

/** Parses one line: a polling URL under `baseUrl`, or an account id and an upload id. */
export const parseReference = (line: string, baseUrl: string): Either<Failure, UploadRef> => {
  const [first = '', second, ...more] = line.trim().split(/\s+/)
  if (more.length > 0) return E.left(invalidRequest('upload', 'must be the last word of its line'))
  return second === undefined
    ? parsePollingUrl(first, { baseUrl })
    : parseIds(first, second, baseUrl)
}

/** An upload to watch, or an invalid line of standard input. */
export type Reference = Either<InvalidLine, UploadRef>

/**
 * Reads references from a stream, one per line. Empty lines are skipped; an invalid line is emitted
 * as a `Left` with its number. Unsubscribing destroys the stream, so that it does not keep the
 * process alive.
 *
 * @param drained$ completes when the output accepts more; after each line the input waits for it
 */
export const readReferences$ = (
  input: Readable,
  baseUrl: string,
  drained$: Observable<never>,
): Observable<Reference> =>
  new Observable(subscriber => {
    let line = 0
    let waiting = Subscription.EMPTY
    const pauseUntilDrained = (): void => {
      if (!waiting.closed) return
      input.pause()
      waiting = drained$.subscribe({
        complete: () => {
          input.resume()
        },
        error: (defect: unknown) => {
          subscriber.error(defect)
        },
      })
    }
    const lines = createInterface({ input, crlfDelay: Infinity })
    lines.on('line', text => {
      line += 1
      if (text.trim() === '') return
      const reference = parseReference(text, baseUrl)
      subscriber.next(E.isLeft(reference) ? E.left({ line, failure: reference.left }) : reference)
      pauseUntilDrained()
    })
    lines.on('close', () => {
      subscriber.complete()
    })
    // readline forwards errors of the stream. Uploads that were already read are still watched.
    lines.on('error', () => {
      const failure = invalidRequest('upload', 'could not be read: standard input broke off')
      subscriber.next(E.left({ line: line + 1, failure }))
      subscriber.complete()
    })
    subscriber.add(() => {
      waiting.unsubscribe()
      lines.close()
      input.destroy()
    })
  })
