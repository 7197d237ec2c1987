import type { Either } from 'fp-ts/Either'
import type { UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { readKnown, type Known } from './protocol/known'
import { readRefs } from './protocol/reference'
import type { RefusalStatus } from './refusal'

/** Characters of an address, and of all headers; as many as Node lets pass. */
const longest = 16_384

/** What a request asks for. */
export interface Asked {
  readonly refs: readonly UploadRef[]
  /** What the reader knows of each. */
  readonly known: readonly Known[]
}

const lengthOf = (headers: Headers): number =>
  [...headers].reduce((sum, [name, value]) => sum + name.length + value.length, 0)

const hasBody = (headers: Headers): boolean =>
  headers.has('transfer-encoding') || !/^0*$/.test(headers.get('content-length') ?? '')

/** Reads a request, or says why it cannot be one for a stream. Does not authorize. */
export const judge = ({ headers, method, url }: Request): Either<RefusalStatus, Asked> => {
  if (method !== 'GET') return E.left(405)
  if (url.length > longest) return E.left(414)
  if (lengthOf(headers) > longest) return E.left(431)
  if (hasBody(headers)) return E.left(413)
  const refs = readRefs(new URL(url).searchParams)
  if (refs === null) return E.left(400)
  return E.right({ refs, known: readKnown(headers.get('last-event-id'), refs.length) })
}
