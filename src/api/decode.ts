import type { Either } from 'fp-ts/Either'
import type { Errors, Validation } from 'io-ts'
import * as E from '../failure/either'
import { malformed, type Failure, type Malformed } from '../failure/failure'
import { isRecord } from './parseJson'
import type { FanslyId, PlatformName } from './platformApi'
import { platformNameOf, platforms, type UploadStatusOf } from './platforms'
import type { UploadStatus } from './status'

/** The most problems that a failure names. */
const most = 5

/**
 * Paths, without the numbers that io-ts gives to branches, and expected types. `PathReporter` would
 * copy the values too: 20 MB for one of 10 MB.
 */
const problemsOf = (errors: Errors): Malformed['problems'] =>
  errors.slice(0, most).map(({ context }) => {
    const keys = context.map(({ key }) => key).filter(key => /\D/.test(key))
    const type = context[context.length - 1]?.type
    return type === undefined || keys.length === 0
      ? { path: 'status', expected: 'pending, processing, completed or failed' }
      : { path: keys.join('.'), expected: type.name }
  })

/** A status as the server spelled it, if it is a word. */
const statusOf = (json: unknown): string | null =>
  isRecord(json) && typeof json['status'] === 'string' && /^[\w-]{1,32}$/.test(json['status'])
    ? json['status']
    : null

const otherUpload = { path: 'prefixed_id', expected: 'the upload asked for' }

/**
 * Reads a status, of this upload and no other, out of parsed JSON, with the codec of the upload's
 * platform. Members that the contract does not name are kept.
 */
export function decodeStatus(
  upload: FanslyId,
  json: unknown,
): Either<Malformed, UploadStatusOf<'fansly'>>
export function decodeStatus(upload: string, json: unknown): Either<Malformed, UploadStatus>
export function decodeStatus(
  upload: string,
  json: unknown,
): Either<Malformed, UploadStatusOf<PlatformName>> {
  const decoded: Validation<UploadStatusOf<PlatformName>> =
    platforms[platformNameOf(upload)].status.decode(json)
  if (E.isLeft(decoded)) {
    const problems = problemsOf(decoded.left)
    const named = isRecord(json) ? json['prefixed_id'] : undefined
    const isOther = typeof named === 'string' && named !== upload
    const all = isOther ? [...problems.slice(0, most - 1), otherUpload] : problems
    return E.left(malformed('shape', all, statusOf(json)))
  }
  return decoded.right.prefixed_id === upload
    ? decoded
    : E.left(malformed('shape', [otherUpload], decoded.right.status))
}

/**
 * The word of an answer that breaks the contract by its `status` alone: one that the vendor has
 * invented since. Null for any other failure.
 */
export const unknownStatusOf = (failure: Failure): string | null =>
  failure._tag === 'Malformed' && failure.problems.map(({ path }) => path).join() === 'status'
    ? failure.status
    : null
