import { Agent } from 'node:http'
import crossFetch from 'cross-fetch'
import type { Job } from './peers'

const agent = new Agent({ keepAlive: true, maxSockets: 32 })

/** cross-fetch on connections that are kept, as many as this package has of them. */
export const keepAliveFetch: Job['get'] = (url, init) => {
  const withAgent = { ...init, agent }
  return crossFetch(url, withAgent)
}
