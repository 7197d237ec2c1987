import { Subscription } from 'rxjs'
import * as E from '../../failure/either'
import { unreachable, type Failure } from '../../failure/failure'
import { after } from '../../runtime/wait'
import { noStreak } from '../../watch/retry'
import { nameOf } from '../protocol/reference'
import type { RelayedSettings } from './clientOptions'
import { askedFor, comebackAfter, comebackAfterEnd, returnSpread } from './comeback'
import { connectionFor, endedWell, leave, type Connection } from './connection'
import type { ServerEvent } from './eventStream'
import type { OpenStream } from './openStream'
import { readRelayed } from './relayed'
import type { RelayedWatch } from './relayedWatch'

/** The connections of a stream: the current one, and those that will replace it. */
export interface Connections {
  /** Reconnects for the watches at that time. */
  readonly renew: () => void
  readonly disconnect: () => void
  readonly carry: (watch: RelayedWatch) => boolean
}

/** Milliseconds for which joins and leaves are batched while a connection is open. */
const gathering = 100

/** The most connections that wait for the relay concurrently, while the old one stays open. */
const mostOpening = 2

/** The most, in ms, that a relay may ask to wait before the next connection. */
const longestPause = 60_000

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

  const carry = (watch: RelayedWatch): boolean =>
    connections.some(({ carried }) => carried.includes(watch))

  const drop = (some: readonly Connection[]): void => {
    connections = connections.filter(each => !some.includes(each))
    some.forEach(leave)
  }

  /** Continues after a connection failed or ended ordinarily. */
  const lose = (connection: Connection, failure: Failure | null): void => {
    drop([connection])
    const lost = connection.carried.filter(watch => !watch.isOver && !carry(watch))
    if (lost.length === 0) {
      gather()
      return
    }
    const comeback =
      failure === null
        ? comebackAfterEnd(settings)
        : comebackAfter(failure, connection.isOpen, streak, settings)
    streak = comeback?.streak ?? noStreak
    if (failure !== null)
      for (const watch of lost) {
        watch.lose(failure)
        if (comeback === null || askedFor(failure) > watch.remaining()) watch.giveUp(failure)
      }
    const rest = lost.filter(({ isOver }) => !isOver)
    if (comeback === null || rest.length === 0) return
    const wait = pause + comeback.wait
    notBefore = clock() + wait
    for (const watch of rest)
      watch.notify({ _tag: 'RetryScheduled', wait, retries: streak.retries })
    next.unsubscribe()
    renew()
  }

  const take = (connection: Connection, { data, retry, isOver }: ServerEvent): void => {
    if (retry !== null) pause = Math.min(retry, longestPause)
    if (isOver) connection.isGood = true
    if (data === null) return
    const relayed = readRelayed(data)
    if (E.isLeft(relayed)) {
      lose(connection, relayed.left)
      return
    }
    const { value } = relayed.right
    const watch = watches.get(nameOf(relayed.right))
    if (watch === undefined) return
    connection.isGood = true
    streak = noStreak
    if (E.isLeft(value)) watch.giveUp(value.left)
    else watch.learn(value.right)
  }

  const accept = (connection: Connection): void => {
    if (connection.isOpen) return
    connection.isOpen = true
    drop(connections.slice(0, connections.indexOf(connection)))
    gather()
  }

  const connect = (): void => {
    const carried = all()
    for (const watch of carried) if (!carry(watch)) watch.ask()
    // A subscriber that was just called may have left or paused.
    if (!isWanted()) return
    const connection = connectionFor(open$, carried, settings)
    connections = [...connections, connection]
    connection.reading.add(
      connection.events$.subscribe({
        next: result => {
          if (!isLive(connection)) return
          if (E.isLeft(result)) {
            lose(connection, result.left)
            return
          }
          accept(connection)
          for (const event of result.right) if (isLive(connection)) take(connection, event)
        },
        error: (defect: unknown) => {
          for (const watch of all()) watch.fail(defect)
        },
        complete: () => {
          connection.reading.unsubscribe()
          if (isLive(connection))
            lose(connection, endedWell(connection, clock()) ? null : unreachable('CLOSED'))
        },
      }),
    )
  }

  const renew = (): void => {
    if (!next.closed || !isWanted()) return
    if (connections.filter(({ isOpen }) => !isOpen).length >= mostOpening) return
    const wait = Math.max(notBefore - clock(), connections.length > 0 ? gathering : 0)
    next = after(wait, () => {
      next = Subscription.EMPTY
      connect()
    })
  }

  /** Connects for the watches that joined while other connections were opening. */
  const gather = (): void => {
    if (!all().every(carry)) renew()
  }

  return {
    renew,
    carry,
    disconnect: () => {
      next.unsubscribe()
      // Prevents a new connection for each of several quick returns.
      for (const { openedAt } of connections)
        notBefore = Math.max(notBefore, openedAt + returnSpread(settings))
      drop(connections)
    },
  }
}
