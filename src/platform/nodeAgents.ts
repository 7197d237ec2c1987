import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { isRecord } from '../api/parseJson'
import { monotonic, type Clock } from '../runtime/clock'
import { readingAnswersWhole } from './nodeAnswers'
import { closingOnIdleData } from './nodeIdleConnections'
import { sharedLookup } from './nodeLookup'

/**
 * How long an idle connection is kept, in milliseconds. Node's own agent closes it after 5 s, so each
 * poll of a slow schedule would open a new connection.
 */
const idleTimeout = 90_000

/**
 * How long a connection is used, in milliseconds from its first answer. A host name can move to
 * another address, and a kept connection never resolves it again.
 */
export const maxAge = 300_000

/** The most idle connections to one origin. */
const maxIdle = 256

/** The status of the answer that just ended on a connection. */
const latestStatus = (socket: Duplex): unknown => {
  const request: unknown = Reflect.get(socket, '_httpMessage')
  const response = isRecord(request) ? request['res'] : undefined
  return isRecord(response) ? response['statusCode'] : undefined
}

/**
 * Makes an agent close connections that are too old, and those to a failing server.
 *
 * @param onReuse called when a request gets a connection that was used before
 */
const bounded = <A extends HttpAgent>(agent: A, clock: Clock, onReuse: () => void): A => {
  const reuse = agent.reuseSocket.bind(agent)
  agent.reuseSocket = (socket, request) => {
    reuse(socket, request)
    onReuse()
  }
  const answeredAt = new WeakMap<Duplex, number>()
  // Node's types declare that it returns nothing.
  const keep: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent)
  agent.keepSocketAlive = socket => {
    const now = clock()
    const since = answeredAt.get(socket) ?? now
    answeredAt.set(socket, since)
    const left = since + maxAge - now
    if (left <= 0 || Number(latestStatus(socket)) >= 500) return false
    const isKept = keep(socket)
    if (isKept === true && left < idleTimeout && socket instanceof Socket)
      socket.setTimeout(Math.min(left, socket.timeout ?? left))
    return isKept
  }
  return closingOnIdleData(readingAnswersWhole(agent))
}

/**
 * The time for one of several addresses of a host to connect, in milliseconds. Node's default, 250, is
 * too short for a slow network: a lost packet is sent again after a second.
 *
 * @see https://github.com/nodejs/node/issues/54359
 */
const addressTimeout = 1_500

const connecting = { lookup: sharedLookup, autoSelectFamilyAttemptTimeout: addressTimeout }

/** The agents for http and https. */
export interface NodeAgents {
  readonly http: HttpAgent
  readonly https: HttpsAgent
}

/**
 * Agents that keep connections open. They have no `maxSockets`, which would make requests wait inside
 * the agent: the attempt timeout would run meanwhile, one caller would delay another, and node-fetch
 * reports a chunked answer as broken when its connection goes straight to a waiting request.
 */
export const keptConnections = (
  clock: Clock = monotonic,
  onReuse: () => void = () => undefined,
): NodeAgents => {
  const options = {
    keepAlive: true,
    maxFreeSockets: maxIdle,
    timeout: idleTimeout,
    ...connecting,
  }
  return {
    http: bounded(new HttpAgent(options), clock, onReuse),
    https: bounded(new HttpsAgent(options), clock, onReuse),
  }
}

/** Agents that open a connection for each request and close it after the answer. */
export const freshConnections = (): NodeAgents => ({
  http: readingAnswersWhole(new HttpAgent(connecting)),
  https: readingAnswersWhole(new HttpsAgent(connecting)),
})
