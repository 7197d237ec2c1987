import { Subscription } from 'rxjs'
import * as E from '../../failure/either'
import { unreachable, type Failure } from '../../failure/failure'
import { after } from '../../runtime/wait'
import { noStreak } from '../../watch/retry'
import { nameOf } from '../protocol/reference'
import type { RelayedSettings } from './clientOptions'
import { connectionFor, endedOrdinarily, release, type Connection } from './connection'
import type { ServerEvent } from './eventStream'
import type { OpenStream } from './openStream'
import {
  reconnectAfterEnd,
  reconnectAfterFailure,
  reconnectSpread,
  requestedWait,
} from './reconnect'
import { readRelayed } from './relayed'
import type { RelayedWatch } from './relayedWatch'

/** The connections of a stream: the current one, and those that will replace it. */
export interface Connections {
  /** Replaces the connection by one for the current watches. */
  readonly renew: () => void
  readonly disconnect: () => void
  readonly carries: (watch: RelayedWatch) => boolean
}

/** Milliseconds for which joins and leaves are batched while a connection is open. */
const batchWindow = 100

/** The most connections that wait for the relay concurrently, while the old one stays open. */
const maxOpening = 2

/** The most, in ms, that a relay may ask to wait before the next connection. */
const maxPause = 60_000

/**
 * Keeps a stream connected. An old connection stays open until the relay accepts the new one.
 *
 * @param watches the current watches by name; may change at any time
 * @param isWanted returns whether to connect now
 */
export const createConnections = (
  open$: OpenStream,
  watches: ReadonlyMap<string, RelayedWatch>,
  isWanted: () => boolean,
  settings: RelayedSettings,
): Connections => {
  const { clock } = settings
  /** The connections, oldest first. */
  let connections: readonly Connection[] = []
  let next = Subscription.EMPTY
  let streak = noStreak
  /** The wait between two connections that the relay requests, in ms. */
  let pause = 0
  let notBefore = 0

  const all = (): readonly RelayedWatch[] => [...watches.values()]

  const isLive = (connection: Connection): boolean => connections.includes(connection)

  const carries = (watch: RelayedWatch): boolean =>
    connections.some(({ carried }) => carried.includes(watch))

  const drop = (some: readonly Connection[]): void => {
    connections = connections.filter(each => !some.includes(each))
    some.forEach(release)
  }

  /** Continues after a connection failed or ended ordinarily. */
  const handleEnd = (connection: Connection, failure: Failure | null): void => {
    drop([connection])
    const lost = connection.carried.filter(watch => !watch.isOver && !carries(watch))
    if (lost.length === 0) {
      connectNew()
      return
    }
    const reconnect =
      failure === null
        ? reconnectAfterEnd(settings)
        : reconnectAfterFailure(failure, connection.isOpen, streak, settings)
    streak = reconnect?.streak ?? noStreak
    if (failure !== null)
      for (const watch of lost) {
        watch.attemptFailed(failure)
        if (reconnect === null || requestedWait(failure) > watch.remaining()) watch.endWith(failure)
      }
    const rest = lost.filter(({ isOver }) => !isOver)
    if (reconnect === null || rest.length === 0) return
    const wait = pause + reconnect.wait
    notBefore = clock() + wait
    for (const watch of rest)
      watch.notify({ _tag: 'RetryScheduled', wait, retries: streak.retries })
    next.unsubscribe()
    renew()
  }

  const handleEvent = (connection: Connection, { data, retry, isOver }: ServerEvent): void => {
    if (retry !== null) pause = Math.min(retry, maxPause)
    if (isOver) connection.mayEnd = true
    if (data === null) return
    const relayed = readRelayed(data)
    if (E.isLeft(relayed)) {
      handleEnd(connection, relayed.left)
      return
    }
    const { value } = relayed.right
    const watch = watches.get(nameOf(relayed.right))
    if (watch === undefined) return
    connection.mayEnd = true
    streak = noStreak
    if (E.isLeft(value)) watch.endWith(value.left)
    else watch.receive(value.right)
  }

  const handleAccepted = (connection: Connection): void => {
    if (connection.isOpen) return
    connection.isOpen = true
    drop(connections.slice(0, connections.indexOf(connection)))
    connectNew()
  }

  const connect = (): void => {
    const carried = all()
    for (const watch of carried) if (!carries(watch)) watch.attemptStarted()
    // A subscriber that was just called may have left or paused.
    if (!isWanted()) return
    const connection = connectionFor(open$, carried, settings)
    connections = [...connections, connection]
    connection.reading.add(
      connection.events$.subscribe({
        next: result => {
          if (!isLive(connection)) return
          if (E.isLeft(result)) {
            handleEnd(connection, result.left)
            return
          }
          handleAccepted(connection)
          for (const event of result.right) if (isLive(connection)) handleEvent(connection, event)
        },
        error: (defect: unknown) => {
          for (const watch of all()) watch.fail(defect)
        },
        complete: () => {
          connection.reading.unsubscribe()
          if (isLive(connection))
            handleEnd(
              connection,
              endedOrdinarily(connection, clock()) ? null : unreachable('CLOSED'),
            )
        },
      }),
    )
  }

  const renew = (): void => {
    if (!next.closed || !isWanted()) return
    if (connections.filter(({ isOpen }) => !isOpen).length >= maxOpening) return
    const wait = Math.max(notBefore - clock(), connections.length > 0 ? batchWindow : 0)
    next = after(wait, () => {
      next = Subscription.EMPTY
      connect()
    })
  }

  /** Connects for the watches that joined while other connections were opening. */
  const connectNew = (): void => {
    if (!all().every(carries)) renew()
  }

  return {
    renew,
    carries,
    disconnect: () => {
      next.unsubscribe()
      // Prevents a new connection for each of several quick returns.
      for (const { openedAt } of connections)
        notBefore = Math.max(notBefore, openedAt + reconnectSpread(settings))
      drop(connections)
    },
  }
}
