import { Subscription } from 'rxjs'
import * as E from '../../failure/either'
import { throttled, unreachable, type Failure } from '../../failure/failure'
import { after } from '../../runtime/wait'
import type { Happening } from '../../watch/event'
import { noStreak, retryAfterFailure } from '../../watch/retry'
import { writeKnown } from '../protocol/known'
import { longestRefs, mostUploads, nameOf, writeRefs } from '../protocol/reference'
import type { RelayedSettings } from './clientOptions'
import type { ServerEvent } from './eventStream'
import { readRelayed } from './relayed'
import type { RelayedWatch } from './relayedWatch'
import { streamEvents$ } from './streamEvents'

/** A stream for as many uploads as it may carry. */
export interface RelayStream {
  /** Accepts a watch, until it is over; returns false where there is no room. */
  readonly add: (watch: RelayedWatch) => boolean
  /** Connects again, for the uploads that there are now. */
  readonly renew: () => void
  /** The deadline of a watch has passed: it ends, or if the page is hidden soon after the return. */
  readonly expire: (watch: RelayedWatch, failure: Failure) => void
}

/** One request to the relay. */
interface Connection {
  readonly carried: readonly RelayedWatch[]
  readonly reading: Subscription
  readonly openedAt: number
  /** Whether the relay accepted it. */
  isOpen: boolean
  /** Whether its end is an ordinary one: it brought a status, or announced its end. */
  isGood: boolean
}

/** Milliseconds in which uploads that join or leave are gathered, while a connection is there. */
const gathering = 100

/** Connections that wait for the relay at the same time, while the old one lives on. */
const mostOpening = 2

/** Milliseconds over which the readers of a relay that cut them off return. */
const returnSpread = 5_000

/** Milliseconds after which the end of a connection counts as ordinary. */
const longLived = 30_000

/** The most, in ms, that a relay may ask to wait before the next connection. */
const longestPause = 60_000

/** Milliseconds that a relay has to close a stream of which all uploads ended. */
const closing = 2_000

/** The failure of a relay that is full spends no retry: it is tried again later. */
const asFull = (failure: Failure): Failure =>
  failure._tag === 'Unavailable' && failure.retryAfter !== null
    ? throttled(failure.retryAfter)
    : failure

/**
 * Connects to a relay while there is any watch, again and again until all have ended. When uploads
 * join, a new connection is made for all; the old one lives until the relay accepts the new one.
 */
export const createRelayStream = (url: string, settings: RelayedSettings): RelayStream => {
  const { activity$, attemptTimeout, clock, random, retry: policy } = settings
  const watches = new Map<string, RelayedWatch>()
  /** The oldest first. */
  let connections: readonly Connection[] = []
  let next = Subscription.EMPTY
  let activity = Subscription.EMPTY
  let isActive = true
  let isTaking = false
  const expired: (() => void)[] = []
  let streak = noStreak
  /** What the relay asks for between two connections. */
  let pause = 0
  let notBefore = 0

  const all = (): readonly RelayedWatch[] => [...watches.values()]

  const notifyAll = (some: readonly RelayedWatch[], happening: Happening): void => {
    for (const watch of some) watch.notify(happening)
  }

  const drop = (some: readonly Connection[]): void => {
    connections = connections.filter(each => !some.includes(each))
    for (const { reading } of some) reading.unsubscribe()
  }

  /** Nothing is left for the watches that come later. */
  const disconnect = (): void => {
    next.unsubscribe()
    drop(connections)
    if (watches.size > 0) return
    streak = noStreak
    pause = notBefore = 0
  }

  /** Reads on until the relay closes the streams: to abort them would look like an error. */
  const readOn = (): void => {
    for (const { reading } of connections)
      reading.add(
        after(closing, () => {
          reading.unsubscribe()
        }),
      )
    connections = []
    disconnect()
  }

  const spread = (): number => random() * Math.min(returnSpread, policy.cap)

  const isCarried = (watch: RelayedWatch): boolean =>
    connections.some(({ carried }) => carried.includes(watch))

  const reconnect = (lost: readonly RelayedWatch[], wait: number): void => {
    notBefore = clock() + pause + wait
    notifyAll(lost, { _tag: 'RetryScheduled', wait: pause + wait, retries: streak.retries })
    next.unsubscribe()
    renew()
  }

  /** The watches of a connection that is gone which no other one carries. */
  const withoutStream = ({ carried }: Connection): readonly RelayedWatch[] =>
    carried.filter(watch => !watch.isOver && !isCarried(watch))

  const failed = (connection: Connection, failure: Failure): void => {
    drop([connection])
    const lost = withoutStream(connection)
    if (lost.length === 0) {
      gather()
      return
    }
    const retry = retryAfterFailure(asFull(failure), streak, { ...settings, notFoundGrace: 0 }, 0)
    for (const watch of lost) watch.lose(failure)
    if (retry === null) {
      streak = noStreak
      for (const watch of lost) watch.giveUp(failure)
      return
    }
    const asked = 'retryAfter' in failure ? (failure.retryAfter ?? 0) : 0
    for (const watch of lost) if (asked > watch.remaining()) watch.giveUp(failure)
    const rest = lost.filter(({ isOver }) => !isOver)
    if (rest.length === 0) return
    streak = retry.streak
    // Those who were cut off together, or wait for the same relay, do not return together.
    const late = connection.isOpen || asked > 0 ? spread() : 0
    reconnect(rest, asked > 0 ? retry.wait + late : Math.max(retry.wait, late))
  }

  const closed = (connection: Connection): void => {
    const { isGood, openedAt } = connection
    if (!isGood && clock() - openedAt < longLived) {
      failed(connection, unreachable('CLOSED'))
      return
    }
    drop([connection])
    streak = noStreak
    const lost = withoutStream(connection)
    if (lost.length > 0) reconnect(lost, Math.min(policy.base, policy.cap) + spread())
  }

  /** Takes in an event; returns whether the next one may follow. */
  const take = (connection: Connection, { data, retry, isOver }: ServerEvent): boolean => {
    if (retry !== null) pause = Math.min(retry, longestPause)
    if (isOver) connection.isGood = true
    if (data === null) return true
    const relayed = readRelayed(data)
    if (E.isLeft(relayed)) {
      failed(connection, relayed.left)
      return false
    }
    const { value } = relayed.right
    const watch = watches.get(nameOf(relayed.right))
    if (watch === undefined) return true
    connection.isGood = true
    streak = noStreak
    if (E.isLeft(value)) watch.giveUp(value.left)
    else watch.learn(value.right)
    return true
  }

  const accepted = (connection: Connection): void => {
    if (connection.isOpen) return
    connection.isOpen = true
    drop(connections.slice(0, connections.indexOf(connection)))
    gather()
  }

  const connect = (): void => {
    const carried = all()
    for (const watch of carried) if (!isCarried(watch)) watch.ask()
    // A subscriber that was just notified may have left, or paused.
    if (watches.size === 0 || !isActive) return
    const reading = new Subscription()
    const connection: Connection = {
      carried,
      reading,
      openedAt: clock(),
      isOpen: false,
      isGood: false,
    }
    connections = [...connections, connection]
    reading.add(
      streamEvents$(
        `${url}${url.includes('?') ? '&' : '?'}${writeRefs(carried.map(({ ref }) => ref))}`,
        writeKnown(carried.map(({ known }) => known())),
        settings,
      ).subscribe({
        next: result => {
          if (!connections.includes(connection)) return
          if (E.isLeft(result)) {
            failed(connection, result.left)
            return
          }
          accepted(connection)
          isTaking = true
          for (const event of result.right)
            if (!connections.includes(connection) || !take(connection, event)) break
          isTaking = false
        },
        error: (defect: unknown) => {
          for (const watch of all()) watch.fail(defect)
        },
        complete: () => {
          reading.unsubscribe()
          if (connections.includes(connection)) closed(connection)
        },
      }),
    )
  }

  const renew = (): void => {
    if (!next.closed || !isActive || watches.size === 0) return
    if (connections.filter(({ isOpen }) => !isOpen).length >= mostOpening) return
    const wait = Math.max(notBefore - clock(), connections.length > 0 ? gathering : 0)
    next = after(wait, () => {
      next = Subscription.EMPTY
      connect()
    })
  }

  /** Connects for the watches that joined while other connections were opening. */
  const gather = (): void => {
    if (!all().every(isCarried)) renew()
  }

  const activate = (now: boolean): void => {
    if (now === isActive) return
    isActive = now
    notifyAll(all(), { _tag: now ? 'Resumed' : 'Paused' })
    if (!now) {
      // Quick returns cost no connection each.
      const latest = connections.at(-1)?.openedAt
      if (latest !== undefined)
        notBefore = Math.max(notBefore, latest + Math.min(returnSpread, policy.cap))
      disconnect()
      return
    }
    for (const end of expired.splice(0)) end()
    renew()
  }

  return {
    renew,
    expire: (watch, failure) => {
      const end = (): void => {
        watch.giveUp(failure)
      }
      if (isActive) end()
      else
        expired.push(() => {
          watch.holds.add(after(attemptTimeout, end))
        })
    },
    add: watch => {
      const name = nameOf(watch.ref)
      const length = all().reduce((sum, { ref }) => sum + nameOf(ref).length + 5, name.length)
      if (watches.size >= mostUploads || length > longestRefs || watches.has(name)) return false
      watches.set(name, watch)
      watch.holds.add(() => {
        watches.delete(name)
        if (watches.size > 0) return
        if (isTaking && watch.hasEnded()) readOn()
        else disconnect()
        activity.unsubscribe()
      })
      if (activity.closed) {
        isActive = true
        activity = new Subscription()
        activity.add(
          activity$?.subscribe({
            next: activate,
            error: () => {
              notifyAll(all(), { _tag: 'SourceFailed', source: 'activity$' })
              activate(true)
            },
          }),
        )
      } else if (!isActive) watch.notify({ _tag: 'Paused' })
      renew()
      return true
    },
  }
}
