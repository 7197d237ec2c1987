import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { statusUrl } from '../../api/endpoint'

/** Adds a missing scheme, only to an address of this machine: any other text could be a key. */
export const withScheme = (baseUrl: string): string =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/i.test(baseUrl)
    ? `http://${baseUrl}`
    : baseUrl

/** Parses the base URL of the API. The error does not repeat it, because it could be a key. */
export const parseBaseUrl = (text: string): Either<string, string> => {
  const baseUrl = withScheme(text)
  return E.bimap(
    () =>
      '--base-url must be https, or http to loopback, and no more, like http://localhost:4010, ' +
      `not ${baseUrl.includes('://') ? 'another URL' : 'text without https://'}`,
    () => baseUrl,
  )(statusUrl(baseUrl, 'account', 'upload'))
}
