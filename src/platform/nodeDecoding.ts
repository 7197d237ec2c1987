import { pipeline, Readable, type Transform } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createBrotliDecompress, createUnzip } from 'node:zlib'
import type { FetchResponse } from '../http/fetch'

/** The names that cross-fetch knows, in lower case alone. */
const decodedAlready = /^(?:(?:x-)?(?:gzip|deflate)|br)$/

const decoders: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createUnzip],
  ['x-gzip', createUnzip],
  ['deflate', createUnzip],
  ['x-deflate', createUnzip],
  ['br', createBrotliDecompress],
])

/** The most encodings that are undone, as in Node's own fetch: each one takes memory. */
const mostCodings = 5

const ignore = (): void => undefined

/**
 * Undoes the content encodings of an answer that cross-fetch left as they are: names are case
 * insensitive, and there may be several. An answer with an unknown one is left as it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-content-encoding
 */
export const decoded = (response: FetchResponse): FetchResponse => {
  const written = response.headers.get('content-encoding')
  if (written === null || decodedAlready.test(written)) return response
  const codings = written
    .toLowerCase()
    .split(',')
    .map(coding => coding.trim())
    .filter(coding => coding !== '' && coding !== 'identity')
    .reverse()
  const { status, headers, body } = response
  const known = codings.flatMap(coding => decoders.get(coding) ?? [])
  if (!(body instanceof Readable) || known.length < codings.length || known.length > mostCodings)
    return response
  // An error in any of them destroys the last one, which reports it.
  const plain = known.reduce<Readable>(
    (encoded, decoder) => pipeline(encoded, decoder(), ignore),
    body,
  )
  return { status, headers, body: plain, text: () => text(plain) }
}
