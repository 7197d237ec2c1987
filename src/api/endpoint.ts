import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import { invalidRequest, type Failure, type InvalidRequest } from '../failure/failure'
import { isIdentifier, type UploadRef } from './uploadRef'

/** Where the vendor serves the API. */
export const vendorUrl = 'https://app.onlyfansapi.com'

// An allow-list: what it lets pass means the same to every URL parser. No user info, no query.
const legalBase =
  /^(https:\/\/([a-z\d.-]+|\[[a-f\d:.]+\])|http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\]))(:\d{1,5})?(\/(?!\.\.?(\/|$))[\w.~-]+)*\/?$/i

const isLegalBase = (baseUrl: unknown): baseUrl is string => {
  if (typeof baseUrl !== 'string' || !legalBase.test(baseUrl)) return false
  try {
    new URL(baseUrl)
    return true
  } catch {
    return false
  }
}

/**
 * The addresses under a base that tell the status of an upload, once all of their parts are known
 * to be safe.
 */
export const statusUrls = (
  baseUrl: unknown,
): ((account: unknown, upload: unknown) => Either<InvalidRequest, string>) => {
  const base: Either<InvalidRequest, string> = isLegalBase(baseUrl)
    ? E.right(baseUrl.replace(/\/$/, ''))
    : E.left(invalidRequest('baseUrl', 'must be https, or http to loopback, and no more'))
  return (account, upload) => {
    if (!isIdentifier(account)) return E.left(invalidRequest('account', notAnIdentifier))
    if (!isIdentifier(upload)) return E.left(invalidRequest('upload', notAnIdentifier))
    return E.isLeft(base)
      ? base
      : E.right(`${base.right}/api/${account}/media/uploads/${upload}/status`)
  }
}

/** One of these addresses. */
export const statusUrl = (
  baseUrl: unknown,
  account: unknown,
  upload: unknown,
): Either<InvalidRequest, string> => statusUrls(baseUrl)(account, upload)

const notAnIdentifier = 'must be 1 to 128 letters, digits, "_" or "-"'

/** Host names know no case, and a default port may be left out. */
const normal = (url: string): string =>
  url
    .replace(/^[^/]*\/\/[^/]*/, origin => origin.toLowerCase())
    .replace(/^(https:\/\/[^/]*):443(?=\/)|^(http:\/\/[^/]*):80(?=\/)/, '$1$2')

/**
 * Reads account and upload out of the `polling_url` of a `202` answer.
 *
 * The URL comes from a response, so it is not trusted: anything but the status address of an upload
 * under `baseUrl` is an `InvalidRequest`, and no request is ever sent to the URL itself.
 *
 * @param options.baseUrl where the API is served; default: the vendor's
 *
 * @example
 * const ref = parsePollingUrl(
 *   'https://app.onlyfansapi.com/api/acct_1/media/uploads/ofapi_media_1/status',
 * ) // right({ account: 'acct_1', upload: 'ofapi_media_1' })
 */
export const parsePollingUrl = (
  url: unknown,
  options: { readonly baseUrl?: string | undefined } = {},
): Either<Failure, UploadRef> => {
  // Out of a response's body it could be anything.
  const text = typeof url === 'string' ? url : ''
  const [, account = '', upload = ''] =
    /\/api\/([\w-]+)\/media\/uploads\/([\w-]+)\/status$/.exec(text) ?? []
  if (account === '') return E.left(invalidRequest('pollingUrl', 'is not the status of an upload'))
  const expected = statusUrl(options.baseUrl ?? vendorUrl, account, upload)
  if (E.isLeft(expected)) return expected
  return normal(text) === normal(expected.right)
    ? E.right({ account, upload })
    : E.left(invalidRequest('pollingUrl', 'is not under the base URL'))
}
