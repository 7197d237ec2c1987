import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import { invalidRequest, type Failure, type InvalidRequest } from '../failure/failure'
import { platformOf, platforms } from './platforms'
import { isIdentifier, type UploadRef } from './uploadRef'

/** The origin of the vendor's API. */
export const vendorUrl = 'https://app.onlyfansapi.com'

// An allow-list of URLs that every URL parser reads the same way: no user info, no query.
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

const all = Object.values(platforms)

/** Whether an id has the prefix of an account id, or of an upload id. */
const looksLike = (kind: 'account' | 'upload', id: string): boolean =>
  all.some(platform => id.startsWith(platform[kind]))

const isUrl = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:|\/api\/|\/uploads\//i.test(value)

const checkId = (
  which: 'account' | 'upload',
  other: 'account' | 'upload',
  id: unknown,
): Either<InvalidRequest, string> => {
  if (isIdentifier(id))
    return looksLike(other, id) && !looksLike(which, id)
      ? E.left(invalidRequest('account', 'and upload are swapped'))
      : E.right(id)
  return E.left(
    invalidRequest(
      which,
      isUrl(id)
        ? 'looks like a polling URL: use parsePollingUrl'
        : 'must be 1 to 128 letters, digits, "_" or "-"',
    ),
  )
}

/** Builds the URL of a status after checking that all of its parts are safe. */
export type StatusUrl = (
  account: unknown,
  upload: unknown,
  platform?: unknown,
) => Either<InvalidRequest, string>

/**
 * Returns a function that builds status URLs under a base URL. It checks that all parts of the URL are
 * safe.
 */
export const statusUrls = (baseUrl: unknown): StatusUrl => {
  const base: Either<InvalidRequest, string> = isLegalBase(baseUrl)
    ? E.right(baseUrl.replace(/\/$/, ''))
    : E.left(
        invalidRequest(
          'baseUrl',
          'must be an https URL, or http to loopback, without user info, query or fragment',
        ),
      )
  return (givenAccount, givenUpload, named) => {
    const account = checkId('account', 'upload', givenAccount)
    if (E.isLeft(account)) return account
    const upload = checkId('upload', 'account', givenUpload)
    if (E.isLeft(upload)) return upload
    const platform = platformOf(account.right, upload.right, named)
    if (E.isLeft(platform)) return platform
    if (E.isLeft(base)) return base
    const { path } = platforms[platform.right]
    return E.right(`${base.right}${path}/${account.right}/media/uploads/${upload.right}/status`)
  }
}

/** Builds one status URL. */
export const statusUrl = (
  baseUrl: unknown,
  account: unknown,
  upload: unknown,
  platform?: unknown,
): Either<InvalidRequest, string> => statusUrls(baseUrl)(account, upload, platform)

/** Normalizes a URL: host names in lower case, no default port. */
const normal = (url: string): string =>
  url
    .replace(/^[^/]*\/\/[^/]*/, origin => origin.toLowerCase())
    .replace(/^(https:\/\/[^/]*):443(?=\/)|^(http:\/\/[^/]*):80(?=\/)/, '$1$2')

/**
 * Reads the account and the upload from the `polling_url` of a `202` answer.
 *
 * The URL comes from a response, so it is not trusted. Anything but the status URL of an upload under
 * `baseUrl` is an `InvalidRequest`, and no request is ever sent to the URL itself.
 *
 * @param options.baseUrl the base URL of the API, as passed to the watch; by default the vendor's
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
  // The value comes from a response, so it may have any type.
  const text = typeof url === 'string' ? url : ''
  const [, path = '', account = '', upload = ''] =
    /(\/api(?:\/fansly)?)\/([\w-]+)\/media\/uploads\/([\w-]+)\/status$/.exec(text) ?? []
  if (account === '')
    return E.left(invalidRequest('pollingUrl', 'is not the status URL of an upload'))
  const named = all.find(platform => platform.path === path)?.name
  const { baseUrl = vendorUrl } = options
  const expected = statusUrl(baseUrl, account, upload, named)
  if (E.isLeft(expected))
    return expected.left.which === 'platform'
      ? E.left(invalidRequest('pollingUrl', 'does not match the platform of its ids'))
      : expected
  return normal(text) === normal(expected.right)
    ? E.right({ account, upload })
    : E.left(invalidRequest('pollingUrl', `is not under the base URL ${baseUrl}`))
}
