import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { parsePollingUrl, statusUrl } from '../model/endpoint'
import { invalidRequest, type Failure } from '../model/failure'
import type { UploadRef } from '../model/identifier'

/** Reads an upload that is named by its account and its own id. */
export const readPair = (
  account: string,
  upload: string,
  baseUrl: string,
): Either<Failure, UploadRef> =>
  E.map(() => ({ account, upload }))(statusUrl(baseUrl, account, upload))

/** Reads one line: a polling URL under `baseUrl`, or an account and an upload. */
export const readReference = (line: string, baseUrl: string): Either<Failure, UploadRef> => {
  const [first = '', second, ...more] = line.trim().split(/\s+/)
  if (more.length > 0) return E.left(invalidRequest('upload', 'must be the last word of its line'))
  return second === undefined
    ? parsePollingUrl(first, { baseUrl })
    : readPair(first, second, baseUrl)
}
