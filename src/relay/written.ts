import type { Either } from 'fp-ts/Either'
import type { UploadStatus } from '../api/status'
import * as E from '../failure/either'
import { malformed, type Failure } from '../failure/failure'
import type { Select } from './select'
import { withoutText } from './withoutText'

/** Characters of one event. What is longer would make a reader that is slow cost too much. */
const longest = 16_384

/** Writes what is learned of an upload as JSON. */
export type Write = (value: Either<Failure, UploadStatus>) => string

/** Writes a value once, however many read it. */
export const writer = (select: Select): Write => {
  const texts = new WeakMap<Failure | UploadStatus, string>()

  const write: Write = value => {
    if (E.isLeft(value)) return JSON.stringify(E.left(withoutText(value.left)))
    const text = JSON.stringify(E.right(select(value.right)))
    return text.length > longest ? JSON.stringify(E.left(malformed('oversized'))) : text
  }

  return value => {
    const key = E.isLeft(value) ? value.left : value.right
    const text = texts.get(key) ?? write(value)
    texts.set(key, text)
    return text
  }
}
