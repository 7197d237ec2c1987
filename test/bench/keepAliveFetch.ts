import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import crossFetch from 'cross-fetch'
import type { Job } from './peers'

const keepAlive = { keepAlive: true }
const http = new HttpAgent(keepAlive)
const https = new HttpsAgent(keepAlive)

/**
 * cross-fetch on connections that are kept, as many as there are requests. A `maxSockets` would let
 * requests wait inside the agent, and node-fetch then loses chunked answers.
 */
export const keepAliveFetch: Job['get'] = (url, init) => {
  const withAgent = { ...init, agent: url.startsWith('https:') ? https : http }
  return crossFetch(url, withAgent)
}
