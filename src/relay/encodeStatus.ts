import type { Either } from 'fp-ts/Either'
import type { UploadStatus } from '../api/status'
import * as E from '../failure/either'
import { malformed, type Failure } from '../failure/failure'
import type { Select } from './select'
import { withoutText } from './withoutText'

/** The most characters of one event. Longer ones would cost too much memory for slow readers. */
const maxLength = 16_384

/** Encodes a status or a failure as JSON. */
export type EncodeStatus = (value: Either<Failure, UploadStatus>) => string

/** Creates an encoder that encodes each value once for all readers. */
export const createStatusEncoder = (select: Select): EncodeStatus => {
  const texts = new WeakMap<Failure | UploadStatus, string>()

  const write: EncodeStatus = value => {
    if (E.isLeft(value)) return JSON.stringify(E.left(withoutText(value.left)))
    const text = JSON.stringify(E.right(select(value.right)))
    return text.length > maxLength ? JSON.stringify(E.left(malformed('oversized'))) : text
  }

  return value => {
    const key = E.isLeft(value) ? value.left : value.right
    const text = texts.get(key) ?? write(value)
    texts.set(key, text)
    return text
  }
}
