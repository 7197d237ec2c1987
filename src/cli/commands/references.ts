import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { parsePollingUrl, statusUrl } from '../../api/endpoint'
import type { UploadRef } from '../../api/uploadRef'
import { invalidRequest, type Failure } from '../../failure/failure'
import { withScheme } from './baseUrl'

/** The failure of words that are no reference, such as a polling URL that lacks its scheme. */
export const noReference = invalidRequest(
  'upload',
  'must be ACCOUNT UPLOAD, or only a polling URL, which begins with https://',
)

/** Parses an account id and an upload id. */
export const parseIds = (
  account: string,
  upload: string,
  baseUrl: string,
): Either<Failure, UploadRef> =>
  /:\/\/|\/(api|uploads)\//.test(`${account} ${upload}`)
    ? E.left(noReference)
    : E.map(() => ({ account, upload }))(statusUrl(baseUrl, account, upload))

/**
 * Parses a polling URL under `baseUrl`, or an account id and an upload id with blanks between. The URL
 * of this machine may lack its scheme, as in `--base-url`. All may be in quotes, as `jq` without `-r`
 * prints it.
 */
export const parseReference = (text: string, baseUrl: string): Either<Failure, UploadRef> => {
  const [, , bare = text] = /^\s*(["'])([^"']*)\1\s*$/.exec(text) ?? []
  const [first = '', second, ...more] = bare.trim().split(/\s+/)
  if (more.length > 0)
    return E.left(
      invalidRequest('upload', 'must be followed by nothing but priority=N or a # comment'),
    )
  if (second !== undefined) return parseIds(first, second, baseUrl)
  const url = withScheme(first)
  return url.includes('://') ? parsePollingUrl(url, { baseUrl }) : E.left(noReference)
}
