import type { Either } from 'fp-ts/Either'
import { decodeStatus } from '../../api/decode'
import { isRecord, parseJson } from '../../api/parseJson'
import type { UploadRef } from '../../api/uploadRef'
import * as E from '../../failure/either'
import { Failure, malformed, type Malformed } from '../../failure/failure'
import { safeSentence } from '../../failure/safeText'
import type { Watched } from '../../watch/event'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** An event of a relay: a value of an upload's watch, or `Malformed` if it cannot be decoded. */
export interface Relayed extends UploadRef {
  readonly value: Either<Malformed, Watched>
}

const decodeValue = (upload: string, json: unknown): Relayed['value'] => {
  const { right, left } = isRecord(json) ? json : {}
  if (left === undefined) {
    const status = decodeStatus(upload, right)
    return E.isLeft(status) ? status : E.right(status)
  }
  // Sanitizes its texts like those of the API.
  const sanitized: unknown = JSON.parse(JSON.stringify(left), (_, value: unknown) =>
    typeof value === 'string' ? safeSentence(value) : value,
  )
  const failure = Failure.decode(sanitized)
  return E.isLeft(failure) ? E.left(malformed('shape')) : E.right(E.left(failure.right))
}

/** Decodes the data of an event. */
export const readRelayed = (data: string): Either<Malformed, Relayed> => {
  const json = parseJson(data, same => same)
  if (E.isLeft(json)) return json
  const { account, upload, status } = isRecord(json.right) ? json.right : {}
  const ref = { account: text(account), upload: text(upload) }
  return E.right({ ...ref, value: decodeValue(ref.upload, status) })
}
