import type { FetchInit, FetchResponse } from '../http/fetch'
import { boundedUrls } from './boundedSet'
import { isNode } from './isNode'

/** The URLs whose latest answer through Node's own fetch was a 5xx. */
const unavailable = boundedUrls()

// Electron's fetch returns the same class, but refuses the header below.
const isOwn = (response: FetchResponse): boolean =>
  response instanceof Response && isNode() && !('electron' in process.versions)

/** Records the latest answer for a URL. */
export const noteAnswer = (url: string, response: FetchResponse): void => {
  if (response.status < 500) unavailable.delete(url)
  else if (isOwn(response)) unavailable.add(url)
}

/**
 * Returns the headers for the next attempt. Node's own fetch offers no choice of connection, but it
 * closes one after a request with `connection: close`. So a retry does not keep a connection to a
 * failing server.
 */
export const withClosing = (url: string, headers: FetchInit['headers']): FetchInit['headers'] =>
  unavailable.has(url) ? { ...headers, connection: 'close' } : headers
