import { Worker, type ConnectionOptions } from 'bullmq'
import { EventEmitter } from 'node:events'
import {
  distinctUntilChanged,
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
import {
  clientsOf,
  connectionsOf,
  membersOf,
  on$,
  type Client,
  type Kind,
  type Owner,
} from './redisClients'

const ignore = (): undefined => undefined

const giveUp = (): null => null

/** Makes the running attempt to connect the last one. */
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

/** Makes the next attempt to connect now, because it may be scheduled for much later. */
const connectNow = (client: Client): void => {
  if (client.status !== 'reconnecting') return
  client.disconnect()
  client.connect().catch(ignore)
}

/** Emits when Redis has been unavailable for `longestWait` ms. */
const lost$ = (owner: Owner, longestWait: number): Observable<unknown> =>
  merge(
    ...clientsOf(owner, 'connection').map(client =>
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
 * If BullMQ 5 is closed during a check for stalled jobs, it starts the timer of the next check all the same, for
 * up to 30 s. This stops that timer immediately.
 *
 * @see https://github.com/taskforcesh/bullmq/pull/1810
 */
const stopChecks = (owner: Owner): void => {
  const member = 'stalledCheckStopper'
  const [current] = membersOf(owner, member)
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
  lastTry: readonly Client[],
): Promise<void> => {
  await Promise.all(own.map(settle))
  stopChecks(owner)
  const closed = owner.close()
  for (const connection of connectionsOf(owner, 'connection', 'blockingConnection'))
    if (connection instanceof EventEmitter) connection.on('error', ignore)
  lastTry.forEach(connectNow)
  // Only an unavailable Redis rejects, and then the connections are closed.
  await closed.catch(ignore)
}

/**
 * Closes an object of BullMQ and its connections. If Redis is unavailable, it waits for at most `longestWait`;
 * what is still open then closes when Redis is available again.
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
  const [options] = membersOf(given, 'options')
  const ownOf = (kind: Kind): readonly Client[] =>
    clientsOf(owner, kind).filter(client => client.options !== options)
  const [commands, blocking] = [ownOf('connection'), ownOf('blockingConnection')]
  const own = [...commands, ...blocking]
  const lastTry = owner instanceof Worker && !('backend' in owner) ? blocking : own
  lastTry.forEach(stopReconnecting)
  await lastValueFrom(merge(close(owner, own, lastTry), lost$(owner, longestWait)).pipe(take(1)), {
    defaultValue: null,
  })
}
