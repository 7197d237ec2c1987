import type { Either } from 'fp-ts/Either'
import type { UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import { readKnown, type Known } from './protocol/known'
import { readRefs } from './protocol/reference'
import type { RefusalStatus } from './refusal'

/** The most characters of a URL, and of all headers together. Node's own limit. */
const maxLength = 16_384

/** The parsed request for a stream. */
export interface StreamRequest {
  readonly refs: readonly UploadRef[]
  /** The reader's last known stage of each upload, in the order of `refs`. */
  readonly known: readonly Known[]
}

const lengthOf = (headers: Headers): number =>
  [...headers].reduce((sum, [name, value]) => sum + name.length + value.length, 0)

const hasBody = (headers: Headers): boolean =>
  headers.has('transfer-encoding') || !/^0*$/.test(headers.get('content-length') ?? '')

/** Parses a request for a stream, or returns the status that refuses it. Does not authorize. */
export const readStreamRequest = ({
  headers,
  method,
  url,
}: Request): Either<RefusalStatus, StreamRequest> => {
  if (method !== 'GET') return E.left(405)
  if (url.length > maxLength) return E.left(414)
  if (lengthOf(headers) > maxLength) return E.left(431)
  if (hasBody(headers)) return E.left(413)
  const refs = readRefs(new URL(url).searchParams)
  if (refs === null) return E.left(400)
  return E.right({ refs, known: readKnown(headers.get('last-event-id'), refs.length) })
}
