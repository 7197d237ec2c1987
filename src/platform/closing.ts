import type { FetchInit, FetchResponse } from '../http/fetch'
import { boundedUrls } from './boundedSet'
import { isNode } from './nodeFailure'

/** The URLs whose latest answer, by Node's own fetch, was a 5xx. */
const unavailable = boundedUrls()

// Electron's fetch returns such responses too, and refuses the header below.
const isOwn = (response: FetchResponse): boolean =>
  response instanceof Response && isNode() && !('electron' in process.versions)

/** Notes the answer for a URL. */
export const noteAnswer = (url: string, response: FetchResponse): void => {
  if (response.status < 500) unavailable.delete(url)
  else if (isOwn(response)) unavailable.add(url)
}

/**
 * The headers for the next attempt. Node's own fetch cannot be told which connection to use, but it
 * closes a connection after a request that says `close`. So a retry does not keep a connection to a
 * server that fails.
 */
export const headersOf = (url: string, headers: FetchInit['headers']): FetchInit['headers'] =>
  unavailable.has(url) ? { ...headers, connection: 'close' } : headers
