import type { Either } from 'fp-ts/Either'
import { isRecord } from './api/parseJson'
import { platformOf } from './api/platforms'
import type { ExpectedUpload, TrackedStatus, UploadEntry } from './api/uploadRef'
import { kindOf } from './failure/checked'
import * as E from './failure/either'
import { invalidRequest } from './failure/failure'

/** Formats a value in place of an id: a string or a number as it is, anything else by its kind. */
const nameOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : kindOf(value)

/** The failure for an invalid reference, under the ids that it has. */
const refuse = (given: unknown): TrackedStatus => {
  const expected = 'expected a reference { account, upload }'
  if (!isRecord(given)) {
    const failure = invalidRequest('upload', `${expected}, not ${kindOf(given)}`)
    return { account: '', upload: nameOf(given), status: E.left(failure) }
  }
  const { account, upload } = given
  const which = typeof account === 'string' ? 'upload' : 'account'
  const failure = invalidRequest(which, `${expected}, where ${which} is ${kindOf(given[which])}`)
  return { account: nameOf(account), upload: nameOf(upload), status: E.left(failure) }
}

const isReference = (given: unknown): given is ExpectedUpload =>
  isRecord(given) && typeof given['account'] === 'string' && typeof given['upload'] === 'string'

/** Checks an entry of the input, which may be anything. A `Left` is the failure of its upload. */
export const checkedEntry = (given: unknown): Either<TrackedStatus, UploadEntry> => {
  if (isReference(given)) {
    const { account, upload, platform } = given
    const agreed = platform === undefined ? null : platformOf(account, upload, platform)
    return agreed !== null && E.isLeft(agreed)
      ? E.left({ account, upload, status: agreed })
      : E.right(given)
  }
  // Second, because a reference may also have a member named `remove`.
  if (!isRecord(given) || !('remove' in given)) return E.left(refuse(given))
  const { remove } = given
  return isReference(remove) ? E.right({ remove }) : E.left(refuse(remove))
}
