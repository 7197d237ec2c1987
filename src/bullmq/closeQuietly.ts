import { Worker, type ConnectionOptions, type Queue, type QueueEvents } from 'bullmq'
import { EventEmitter } from 'node:events'
import {
  distinctUntilChanged,
  fromEventPattern,
  lastValueFrom,
  map,
  merge,
  NEVER,
  startWith,
  switchMap,
  take,
  timer,
  type Observable,
} from 'rxjs'
import { isRecord } from '../api/parseJson'

type Owner = Queue | QueueEvents | Worker

const ignore = (): undefined => undefined

const members = (owner: unknown, ...names: readonly string[]): readonly unknown[] =>
  isRecord(owner) ? names.map((name): unknown => Reflect.get(owner, name)) : []

/** The connections of an owner. BullMQ 6 has them in a backend, BullMQ 5 in the owner. */
const connectionsOf = (owner: Owner, ...names: readonly string[]): readonly unknown[] =>
  [owner, ...members(owner, 'backend')].flatMap(holder => members(holder, ...names))

/** An ioredis client, which BullMQ wraps. */
interface Client {
  readonly status: string
  readonly options: object
  readonly on: (event: string, listener: () => void) => unknown
  readonly off: (event: string, listener: () => void) => unknown
  readonly connect: () => Promise<void>
  readonly disconnect: () => void
}

const isClient = (value: unknown): value is Client =>
  members(value, 'on', 'off', 'connect', 'disconnect').every(member => typeof member === 'function')

const clientsOf = (connections: readonly unknown[]): readonly Client[] =>
  connections.flatMap(connection => members(connection, '_client')).filter(isClient)

const on$ = (client: Client, event: string): Observable<unknown> =>
  fromEventPattern(
    listener => client.on(event, listener),
    listener => client.off(event, listener),
  )

const giveUp = (): null => null

/** The attempt to connect that runs is the last. */
const stopReconnecting = ({ options }: Client): void => {
  Object.assign(options, {
    retryStrategy: giveUp,
    clusterRetryStrategy: giveUp,
    sentinelRetryStrategy: giveUp,
  })
}

/** Waits until a client has opened its connection, or has given up. */
const settle = async (client: Client): Promise<void> => {
  if (client.status !== 'connecting' && client.status !== 'connect') return
  const settled$ = merge(on$(client, 'ready'), on$(client, 'end'))
  await lastValueFrom(settled$.pipe(take(1)), { defaultValue: null })
}

/** Makes the next attempt now, which may be far away, and no other. */
const hurry = (client: Client): void => {
  if (client.status !== 'reconnecting') return
  client.disconnect()
  client.connect().catch(ignore)
}

/** Emits when Redis has been unavailable for `longestWait` ms. */
const lost$ = (owner: Owner, longestWait: number): Observable<unknown> =>
  merge(
    ...clientsOf(connectionsOf(owner, 'connection')).map(client =>
      merge(
        on$(client, 'close').pipe(map(() => true)),
        on$(client, 'ready').pipe(map(() => false)),
      ).pipe(startWith(client.status !== 'ready')),
    ),
  ).pipe(
    distinctUntilChanged(),
    switchMap(isAway => (isAway ? timer(longestWait) : NEVER)),
  )

/**
 * BullMQ 5 starts the timer of its next check for stalled jobs, of up to 30 s, even if the worker was closed
 * during a check. This stops the timer at once.
 *
 * @see https://github.com/taskforcesh/bullmq/pull/1810
 */
const stopChecks = (owner: Owner): void => {
  const member = 'stalledCheckStopper'
  const [current] = members(owner, member)
  Object.defineProperty(owner, member, {
    configurable: true,
    get: () => current,
    set: (stop: () => void) => {
      stop()
    },
  })
}

const close = async (
  owner: Owner,
  own: readonly Client[],
  hurried: readonly Client[],
): Promise<void> => {
  await Promise.all(own.map(settle))
  stopChecks(owner)
  const closed = owner.close()
  for (const connection of connectionsOf(owner, 'connection', 'blockingConnection'))
    if (connection instanceof EventEmitter) connection.on('error', ignore)
  hurried.forEach(hurry)
  // Only an unavailable Redis rejects, and then the connections are closed.
  await closed.catch(ignore)
}

/**
 * Closes connections to Redis. If it is unavailable for too long, they close when it is available again.
 *
 * - BullMQ waits forever for a connection that is being opened, so that is awaited first, and not opened again.
 * - A closed worker of BullMQ 5 stores its running job again and again, without a pause, until Redis takes it:
 *   its connection must open again. BullMQ 6, which has a backend, gives up.
 * - BullMQ 5 emits the error of a connection that could not be opened after it has removed all listeners,
 *   which would end the process.
 *
 * @param given the connection that was given. A client is not closed.
 * @param longestWait the longest wait for an unavailable Redis, in ms
 */
export const closeQuietly = async (
  owner: Owner,
  given: ConnectionOptions,
  longestWait = 10_000,
): Promise<void> => {
  const [options] = members(given, 'options')
  const ownOf = (kind: 'connection' | 'blockingConnection'): readonly Client[] =>
    clientsOf(connectionsOf(owner, kind)).filter(client => client.options !== options)
  const [commands, blocking] = [ownOf('connection'), ownOf('blockingConnection')]
  const own = [...commands, ...blocking]
  const hurried = owner instanceof Worker && !('backend' in owner) ? blocking : own
  hurried.forEach(stopReconnecting)
  await lastValueFrom(merge(close(owner, own, hurried), lost$(owner, longestWait)).pipe(take(1)), {
    defaultValue: null,
  })
}
