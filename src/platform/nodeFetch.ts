import crossFetch from 'cross-fetch'
import { isShortage } from '../failure/match'
import type { Fetch, FetchInit } from '../http/fetch'
import { monotonic } from '../runtime/clock'
import { boundedUrls } from './boundedSet'
import { freshConnections, keptConnections, type NodeAgents } from './nodeAgents'
import { decoded } from './nodeDecoding'
import { codeOf } from './nodeFailure'

let reuses = 0
const kept = keptConnections(monotonic, () => {
  reuses += 1
})
const fresh = freshConnections()

/** The URLs whose latest attempt failed. */
const failed = boundedUrls()

const fetchOn = (agents: NodeAgents, url: string, init: FetchInit): Promise<Response> => {
  const withAgent = { agent: url.startsWith('https:') ? agents.https : agents.http, ...init }
  return crossFetch(url, withAgent)
}

/** Whether an error code means that the connection was lost, or that the bytes were not HTTP. */
const isStaleConnection = (code: string): boolean => /^(ECONNRESET$|EPIPE$|HPE_)/.test(code)

/**
 * A server may close an idle connection just as a request is sent on it, and late bytes of an earlier
 * answer may arrive. Neither says anything about this request, so it is sent once more, on a new
 * connection.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#name-retrying-requests
 */
const fetchOnKept = (url: string, init: FetchInit): Promise<Response> => {
  const reusesBefore = reuses
  const response = fetchOn(kept, url, init)
  // The agent picks a kept connection synchronously.
  if (reuses === reusesBefore) return response
  return response.catch((error: unknown) => {
    if (!isStaleConnection(codeOf(error))) throw error
    return fetchOn(fresh, url, init)
  })
}

/**
 * cross-fetch with kept connections. After a failure (a 5xx, a lost connection, an abort) the next
 * attempt for the same URL opens a new connection: the kept ones may lead to a server that the host
 * name no longer points to.
 */
export const nodeFetch: Fetch = (url, init) => {
  const fail = (): void => {
    failed.add(url)
  }
  init.signal.addEventListener('abort', fail)
  const response = failed.has(url) ? fetchOn(fresh, url, init) : fetchOnKept(url, init)
  return response.then(
    response => {
      if (response.status >= 500) fail()
      else failed.delete(url)
      return decoded(response)
    },
    (error: unknown) => {
      if (!isShortage(codeOf(error))) fail()
      throw error
    },
  )
}
