import type { Either } from 'fp-ts/Either'
import { Subscription, type Observable } from 'rxjs'
import type { Failure } from '../../failure/failure'
import { after } from '../../runtime/wait'
import { theEnd, writeKnown } from '../protocol/known'
import type { RelayedSettings } from './clientOptions'
import type { ServerEvent } from './eventStream'
import type { OpenStream } from './openStream'
import type { RelayedWatch } from './relayedWatch'

/** One request to the relay. */
export interface Connection {
  readonly carried: readonly RelayedWatch[]
  readonly events$: Observable<Either<Failure, readonly ServerEvent[]>>
  readonly reading: Subscription
  readonly openedAt: number
  /** Whether the relay accepted it. */
  isOpen: boolean
  /** Whether its end counts as ordinary: it carried a status, or announced its end. */
  mayEnd: boolean
}

/** Milliseconds after which the end of a connection counts as ordinary. */
const minLifetime = 30_000

/** Milliseconds that a relay has to close a stream whose uploads have all ended. */
const closeGrace = 2_000

/** Creates a request for these uploads. It is sent on subscription to its events. */
export const connectionFor = (
  open$: OpenStream,
  carried: readonly RelayedWatch[],
  { clock }: Pick<RelayedSettings, 'clock'>,
): Connection => ({
  carried,
  events$: open$(
    carried.map(({ ref }) => ref),
    writeKnown(carried.map(({ known }) => known())),
  ),
  reading: new Subscription(),
  openedAt: clock(),
  isOpen: false,
  mayEnd: false,
})

export const endedOrdinarily = ({ mayEnd, openedAt }: Connection, now: number): boolean =>
  mayEnd || now - openedAt >= minLifetime

/**
 * Releases a connection. If all of its uploads have ended, it is read until the relay closes it: an
 * abort would look like an error.
 */
export const release = ({ carried, reading }: Connection): void => {
  const abort = (): void => {
    reading.unsubscribe()
  }
  if (carried.every(({ known }) => known() === theEnd)) reading.add(after(closeGrace, abort))
  else abort()
}
