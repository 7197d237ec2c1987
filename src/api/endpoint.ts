import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import { invalidRequest, type Failure, type InvalidRequest } from '../failure/failure'
import { platformOf, platforms } from './platforms'
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

const all = Object.values(platforms)

/** Whether an id begins as those of accounts do, or those of uploads. */
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

/** Makes the address of a status, once all of its parts are known to be safe. */
export type StatusUrl = (
  account: unknown,
  upload: unknown,
  platform?: unknown,
) => Either<InvalidRequest, string>

/**
 * The addresses under a base that tell the status of an upload, once all of their parts are known
 * to be safe.
 */
export const statusUrls = (baseUrl: unknown): StatusUrl => {
  const base: Either<InvalidRequest, string> = isLegalBase(baseUrl)
    ? E.right(baseUrl.replace(/\/$/, ''))
    : E.left(invalidRequest('baseUrl', 'must be https, or http to loopback, and no more'))
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

/** One of these addresses. */
export const statusUrl = (
  baseUrl: unknown,
  account: unknown,
  upload: unknown,
  platform?: unknown,
): Either<InvalidRequest, string> => statusUrls(baseUrl)(account, upload, platform)

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
  const [, path = '', account = '', upload = ''] =
    /(\/api(?:\/fansly)?)\/([\w-]+)\/media\/uploads\/([\w-]+)\/status$/.exec(text) ?? []
  if (account === '') return E.left(invalidRequest('pollingUrl', 'is not the status of an upload'))
  const named = all.find(platform => platform.path === path)?.name
  const expected = statusUrl(options.baseUrl ?? vendorUrl, account, upload, named)
  if (E.isLeft(expected))
    return expected.left.which === 'platform'
      ? E.left(invalidRequest('pollingUrl', 'is of another platform than its ids'))
      : expected
  return normal(text) === normal(expected.right)
    ? E.right({ account, upload })
    : E.left(invalidRequest('pollingUrl', 'is not under the base URL'))
}
