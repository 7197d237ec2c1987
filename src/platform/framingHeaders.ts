import type { FetchInit } from '../http/fetch'

/** Headers that say where a request ends, or ask for another exchange than a plain answer. */
const framing: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Returns the headers, or throws if only the HTTP client may write one of them. Browsers omit them
 * silently, but Node sends them: after a `content-length` the server reads the next request on the
 * connection as a body.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
export const checkedFraming = (headers: FetchInit['headers']): FetchInit['headers'] => {
  for (const name in headers)
    if (framing.has(name))
      throw new TypeError(`headers must not have ${name}: only the HTTP client may send it`)
  return headers
}
