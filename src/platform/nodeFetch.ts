import crossFetch from 'cross-fetch'
import { isShortage } from '../failure/isTransient'
import type { Fetch } from '../http/fetch'
import { boundedUrls } from './boundedSet'
import { freshConnections, keptConnections } from './nodeAgents'
import { decoded } from './nodeDecoding'
import { codeOf } from './nodeFailure'

const kept = keptConnections()
const fresh = freshConnections()

/** The URLs whose latest attempt failed. */
const failed = boundedUrls()

/**
 * cross-fetch, on connections that are kept. After a failure (a 5xx, a lost connection, an abort)
 * the next attempt for the same URL connects again: the kept connections may lead to a server that
 * its name no longer points to.
 */
export const nodeFetch: Fetch = (url, init) => {
  const agents = failed.has(url) ? fresh : kept
  const agent = url.startsWith('https:') ? agents.https : agents.http
  const fail = (): void => {
    failed.add(url)
  }
  init.signal.addEventListener('abort', fail)
  const withAgent = { ...init, agent }
  return crossFetch(url, withAgent).then(
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
