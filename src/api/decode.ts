import type { Either } from 'fp-ts/Either'
import type { Errors, Validation } from 'io-ts'
import * as E from '../failure/either'
import { malformed, type Failure, type Malformed } from '../failure/failure'
import { isRecord } from './parseJson'
import type { FanslyId, PlatformName } from './platformApi'
import { platformNameOf, platforms, type UploadStatusOf } from './platforms'
import type { UploadStatus } from './status'

/** The most problems that a failure lists. */
const maxProblems = 5

/**
 * Returns the paths, without io-ts's branch numbers, and the expected types. `PathReporter` would also
 * copy the values: 20 MB for a value of 10 MB.
 */
const problemsOf = (errors: Errors): Malformed['problems'] =>
  errors.slice(0, maxProblems).map(({ context }) => {
    const keys = context.map(({ key }) => key).filter(key => /\D/.test(key))
    const type = context[context.length - 1]?.type
    return type === undefined || keys.length === 0
      ? { path: 'status', expected: 'pending, processing, completed or failed' }
      : { path: keys.join('.'), expected: type.name }
  })

/** The `status` of the body, if it is a word. */
const statusOf = (json: unknown): string | null =>
  isRecord(json) && typeof json['status'] === 'string' && /^[\w-]{1,32}$/.test(json['status'])
    ? json['status']
    : null

const otherUpload = { path: 'prefixed_id', expected: 'the requested upload' }

/**
 * Decodes the status of this upload from parsed JSON, with the codec of its platform. Fails for the
 * status of another upload. Keeps members that the contract does not name.
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
    const all = isOther ? [...problems.slice(0, maxProblems - 1), otherUpload] : problems
    return E.left(malformed('shape', all, statusOf(json)))
  }
  return decoded.right.prefixed_id === upload
    ? decoded
    : E.left(malformed('shape', [otherUpload], decoded.right.status))
}

/**
 * Returns the unknown `status` of an answer whose only problem is that `status`, for example a value
 * that the vendor added later. Null for any other failure.
 */
export const unknownStatusOf = (failure: Failure): string | null =>
  failure._tag === 'Malformed' && failure.problems.map(({ path }) => path).join() === 'status'
    ? failure.status
    : null
