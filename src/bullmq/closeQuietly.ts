import type { Queue, QueueEvents, Worker } from 'bullmq'
import { EventEmitter } from 'node:events'
import { fromEventPattern, lastValueFrom, merge, take, timer } from 'rxjs'
import { isRecord } from '../api/parseJson'

/** The longest wait, in ms, for a connection that is being opened. */
const openTimeout = 10_000

const members = (owner: unknown, ...names: readonly string[]): readonly unknown[] =>
  isRecord(owner) ? names.map((name): unknown => Reflect.get(owner, name)) : []

/** The connections of an owner. BullMQ 6 has them in a backend, BullMQ 5 in the owner. */
const connectionsOf = (owner: Queue | QueueEvents | Worker): readonly unknown[] =>
  [owner, ...members(owner, 'backend')].flatMap(holder =>
    members(holder, 'connection', 'blockingConnection'),
  )

/** An ioredis client. BullMQ 6 wraps it. */
interface Client {
  readonly status: string
  readonly once: (event: string, listener: () => void) => unknown
}

const isClient = (value: unknown): value is Client =>
  isRecord(value) &&
  typeof Reflect.get(value, 'once') === 'function' &&
  typeof Reflect.get(value, 'status') === 'string'

/** Waits until a client has opened its connection, or has given up. */
const settle = async (client: Client): Promise<void> => {
  if (!['connecting', 'connect', 'reconnecting'].includes(client.status)) return
  const settled$ = ['ready', 'end'].map(event =>
    fromEventPattern(listener => client.once(event, listener)),
  )
  await lastValueFrom(merge(...settled$, timer(openTimeout)).pipe(take(1)), { defaultValue: null })
}

/**
 * BullMQ 5 starts the timer of its next check for stalled jobs, of up to 30 s, even if the worker was closed
 * during a check. This stops the timer at once.
 */
const stopChecks = (owner: Queue | QueueEvents | Worker): void => {
  const member = 'stalledCheckStopper'
  const [current] = members(owner, member)
  Object.defineProperty(owner, member, {
    get: () => current,
    set: (stop: () => void) => {
      stop()
    },
  })
}

/**
 * Closes connections to Redis, also while it is unavailable.
 *
 * - BullMQ waits forever for a connection that is being opened, so that is awaited first. The options of the
 *   connection must not open it again.
 * - BullMQ 5 emits the error of a connection that could not be opened after it has removed all listeners,
 *   which would end the process.
 */
export const closeQuietly = async (owner: Queue | QueueEvents | Worker): Promise<void> => {
  const connections = connectionsOf(owner)
  const ignore = (): undefined => undefined
  const clients = connections.flatMap(connection => members(connection, '_client'))
  await Promise.all(clients.filter(isClient).map(settle))
  stopChecks(owner)
  const closed = owner.close()
  for (const connection of connections)
    if (connection instanceof EventEmitter) connection.on('error', ignore)
  // Only an unavailable Redis rejects, and then the connections are closed.
  await closed.catch(ignore)
}
