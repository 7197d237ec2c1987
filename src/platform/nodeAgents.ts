import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { isRecord } from '../api/parseJson'
import { monotonic, type Clock } from '../runtime/clock'
import { sharedLookup } from './nodeLookup'

/**
 * How long an idle connection is kept, in milliseconds. Node's own agent closes it after 5 s, so
 * that each poll of a slow schedule would connect again.
 */
const idleTimeout = 90_000

/**
 * How long a connection is used, in milliseconds from its first answer. A name can move to another
 * address, and a kept connection never looks it up again.
 */
export const greatestAge = 300_000

/** Idle connections to one origin. */
const mostIdle = 256

/** The status of the answer that ended on a connection. */
const latestStatus = (socket: Duplex): unknown => {
  const request: unknown = Reflect.get(socket, '_httpMessage')
  const response = isRecord(request) ? request['res'] : undefined
  return isRecord(response) ? response['statusCode'] : undefined
}

/**
 * Lets an agent close the connections that are too old, and those of a server that fails.
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
  // Node's types say that it returns nothing.
  const keep: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent)
  agent.keepSocketAlive = socket => {
    const now = clock()
    const since = answeredAt.get(socket) ?? now
    answeredAt.set(socket, since)
    const left = since + greatestAge - now
    if (left <= 0 || Number(latestStatus(socket)) >= 500) return false
    const isKept = keep(socket)
    if (isKept === true && left < idleTimeout && socket instanceof Socket)
      socket.setTimeout(Math.min(left, socket.timeout ?? left))
    return isKept
  }
  return agent
}

/**
 * For one of several addresses of a name to connect, in milliseconds. Node gives it 250, too few for a
 * slow network: a packet that is lost comes again after a second.
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
 * Agents that keep connections, as many as there are requests. They have no `maxSockets`: requests
 * would wait inside the agent, where an attempt's time runs and one caller holds up another, and
 * node-fetch calls a chunked answer broken when its connection goes to a waiting request at once.
 */
export const keptConnections = (
  clock: Clock = monotonic,
  onReuse: () => void = () => undefined,
): NodeAgents => {
  const options = {
    keepAlive: true,
    maxFreeSockets: mostIdle,
    timeout: idleTimeout,
    ...connecting,
  }
  return {
    http: bounded(new HttpAgent(options), clock, onReuse),
    https: bounded(new HttpsAgent(options), clock, onReuse),
  }
}

/** Agents that connect for each request, and close the connection after its answer. */
export const freshConnections = (): NodeAgents => ({
  http: new HttpAgent(connecting),
  https: new HttpsAgent(connecting),
})
