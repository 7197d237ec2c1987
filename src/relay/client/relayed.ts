import type { Either } from 'fp-ts/Either'
import * as E from '../../model/either'
import { failureCodec } from '../../model/failureCodec'
import { malformed, type Failure, type Malformed } from '../../model/failure'
import type { TrackedStatus } from '../../model/trackedStatus'
import type { UploadStatus } from '../../model/uploadStatus'
import { decodeStatus } from '../../pipeline/decode'
import { isRecord, parseJson } from '../../pipeline/json'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const decodeEither = (upload: string, json: unknown): Either<Failure, UploadStatus> => {
  const { right, left } = isRecord(json) ? json : {}
  if (left === undefined) return decodeStatus(upload, right)
  const failure = failureCodec.decode(left)
  return E.left(E.isLeft(failure) ? malformed('shape') : failure.right)
}

/** Reads what a relay wrote of an upload. One that it has misspelled is an end of that upload's watch. */
export const readRelayed = (data: string): Either<Malformed, TrackedStatus> => {
  const json = parseJson(data, same => same)
  if (E.isLeft(json)) return json
  const members = isRecord(json.right) ? json.right : {}
  const [account, upload] = [text(members['account']), text(members['upload'])]
  return E.right({ account, upload, status: decodeEither(upload, members['status']) })
}
