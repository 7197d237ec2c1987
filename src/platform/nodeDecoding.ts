import { pipeline, Readable, type Transform } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createBrotliDecompress, createUnzip } from 'node:zlib'
import type { FetchResponse } from '../http/fetch'

/** The encodings that cross-fetch decodes itself; it knows only the lower-case names. */
const decodedAlready = /^(?:(?:x-)?(?:gzip|deflate)|br)$/

const decoders: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createUnzip],
  ['x-gzip', createUnzip],
  ['deflate', createUnzip],
  ['x-deflate', createUnzip],
  ['br', createBrotliDecompress],
])

/** The most encodings that are decoded, as in Node's own fetch: each one takes memory. */
const maxCodings = 5

const ignore = (): void => undefined

/**
 * Decodes the content encodings of an answer that cross-fetch does not: several encodings, and names
 * in upper case. An answer with an unknown encoding is returned unchanged.
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
  if (!(body instanceof Readable) || known.length < codings.length || known.length > maxCodings)
    return response
  // An error in any of them destroys the last one, which reports it.
  const plain = known.reduce<Readable>(
    (encoded, decoder) => pipeline(encoded, decoder(), ignore),
    body,
  )
  return { status, headers, body: plain, text: () => text(plain) }
}
