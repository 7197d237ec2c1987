import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { Observable, Subscription } from 'rxjs'
import { parsePollingUrl } from '../../api/endpoint'
import type { ExpectedUpload, UploadEntry, UploadRef } from '../../api/uploadRef'
import { invalidRequest, type Failure } from '../../failure/failure'
import type { InvalidLine } from '../display/updates'
import { boundedLines, type Line } from './boundedLines'
import { parseIds, parseReference } from './references'

/** Parses `acct_1/ofapi_media_1`, or a polling URL. */
const parseRemoved = (text: string, baseUrl: string): Either<Failure, UploadRef> => {
  if (text.includes('://')) return parsePollingUrl(text, { baseUrl })
  const [account = '', upload, ...more] = text.split('/')
  return upload === undefined || more.length > 0
    ? E.left(invalidRequest('upload', 'must be ACCOUNT/UPLOAD or a polling URL after "-"'))
    : parseIds(account, upload, baseUrl)
}

/** Parses a reference, with or without `priority=N` behind it. */
const parseExpected = (text: string, baseUrl: string): Either<Failure, ExpectedUpload> => {
  const [, reference = text, number] = /^(.*)\spriority=(\S*)$/.exec(text) ?? []
  if (number !== undefined && !/^-?\d+(\.\d+)?$/.test(number))
    return E.left(invalidRequest('priority', 'must be a number, like priority=1'))
  return pipe(
    parseReference(reference, baseUrl),
    E.map(ref => (number === undefined ? ref : { ...ref, priority: Number(number) })),
  )
}

/**
 * Parses one line: a polling URL under `baseUrl`, or an account id and an upload id. One word that
 * begins with `-` removes an upload; an id that begins with it is one of two words. Text from a `#` on,
 * at the start or after a blank, is a comment. Null is a line without a reference.
 */
const parseLine = (line: string, baseUrl: string): Either<Failure, UploadEntry> | null => {
  const text = line.replace(/(^|\s)#.*$/, '').trim()
  if (text === '') return null
  return /^-\S+$/.test(text)
    ? E.map((remove: UploadRef) => ({ remove }))(parseRemoved(text.slice(1), baseUrl))
    : parseExpected(text, baseUrl)
}

/** An upload to watch or to remove, or an invalid line of standard input. */
export type Reference = Either<InvalidLine, UploadEntry>

/** The most characters of a reference. */
const longestLine = 4_096

/** After this many characters without a line break, the input is not a list of references. */
const noList = 1_048_576

/**
 * Reads references from a stream, one per line. Empty lines and comments are skipped; an invalid
 * line is emitted as a `Left` with its number. Unsubscribing destroys the stream, so that it does
 * not keep the process alive.
 *
 * @param drained$ completes when the output accepts more; after each piece the input waits for it
 */
export const readReferences$ = (
  input: Readable,
  baseUrl: string,
  drained$: Observable<never>,
): Observable<Reference> =>
  new Observable(subscriber => {
    const lines = boundedLines(longestLine)
    const decoder = new StringDecoder('utf8')
    const waiting = new Subscription()
    let next = 1
    const invalid = (line: number, why: string): void => {
      subscriber.next(E.left({ line, failure: invalidRequest('upload', why) }))
    }
    const read = ({ number, text, isTooLong }: Line): void => {
      next = number + 1
      if (isTooLong) {
        invalid(number, `must be on a line of at most ${String(longestLine)} characters`)
        return
      }
      const reference = parseLine(text, baseUrl)
      if (reference === null) return
      subscriber.next(E.mapLeft((failure: Failure) => ({ line: number, failure }))(reference))
    }
    const stop = (why: string): void => {
      invalid(next, why)
      subscriber.complete()
    }
    const onData = (bytes: Buffer | string): void => {
      const text = decoder.write(Buffer.from(bytes))
      if (text.includes('\0')) {
        stop('must be UTF-8 text: standard input is UTF-16 or binary')
        return
      }
      lines.split(text).forEach(read)
      if (lines.unfinished() > noList) {
        stop('must be on a line of its own: standard input is no list')
        return
      }
      input.pause()
      waiting.add(
        drained$.subscribe({
          complete: () => {
            input.resume()
          },
          error: (defect: unknown) => {
            subscriber.error(defect)
          },
        }),
      )
    }
    const onEnd = (): void => {
      lines.end().forEach(read)
      subscriber.complete()
    }
    // Uploads that were already read are still watched.
    const onError = (): void => {
      stop('could not be read: standard input broke off')
    }
    input.on('data', onData).on('end', onEnd).on('error', onError).on('close', onEnd)
    subscriber.add(() => {
      waiting.unsubscribe()
      input.off('data', onData).off('end', onEnd).off('close', onEnd)
      input.destroy()
    })
  })
