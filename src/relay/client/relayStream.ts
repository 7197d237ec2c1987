import { Subscription } from 'rxjs'
import * as E from '../../failure/either'
import type { Failure } from '../../failure/failure'
import { after } from '../../runtime/wait'
import type { Happening } from '../../watch/event'
import { noStreak, retryAfterFailure } from '../../watch/retry'
import { writeKnown } from '../protocol/known'
import { mostUploads, nameOf, writeRefs } from '../protocol/reference'
import type { RelayedSettings } from './clientOptions'
import type { ServerEvent } from './eventStream'
import { readRelayed } from './relayed'
import type { RelayedWatch } from './relayedWatch'
import { streamEvents$ } from './streamEvents'

/** One stream at a time, for as many uploads as it may carry. */
export interface RelayStream {
  /** Takes in a watch, until it holds nothing any more; or gives false where there is no room. */
  readonly add: (watch: RelayedWatch) => boolean
  /** Connects anew, for the uploads that there are now. */
  readonly renew: () => void
}

/** Connects to a relay while there is any watch, again and again until all have ended. */
export const createRelayStream = (url: string, settings: RelayedSettings): RelayStream => {
  const { activity$, clock } = settings
  const watches = new Map<string, RelayedWatch>()
  let connection = Subscription.EMPTY
  let next = Subscription.EMPTY
  let activity = Subscription.EMPTY
  let isActive = true
  let streak = noStreak
  /** What the relay asks for between two connections. */
  let pause = 0
  let notBefore = 0

  const all = (): readonly RelayedWatch[] => [...watches.values()]

  const notifyAll = (happening: Happening): void => {
    for (const watch of all()) watch.notify(happening)
  }

  const disconnect = (): void => {
    connection.unsubscribe()
    next.unsubscribe()
  }

  const failed = (failure: Failure): void => {
    disconnect()
    const retry = retryAfterFailure(failure, streak, { ...settings, notFoundGrace: 0 }, 0)
    for (const watch of all()) watch.lose(failure)
    if (retry === null) {
      streak = noStreak
      for (const watch of all()) watch.giveUp(failure)
      return
    }
    streak = retry.streak
    const wait = pause + retry.wait
    notBefore = clock() + wait
    notifyAll({ _tag: 'RetryScheduled', wait, retries: streak.retries })
    renew()
  }

  const take = ({ data, retry }: ServerEvent): void => {
    pause = retry ?? pause
    const relayed = data === null ? null : readRelayed(data)
    if (relayed !== null && E.isLeft(relayed)) {
      failed(relayed.left)
      return
    }
    // What a relay says first is how long to wait. If it says more, the connection is a good one.
    if (retry === null) streak = noStreak
    if (relayed === null) return
    const watch = watches.get(nameOf(relayed.right))
    const { value } = relayed.right
    if (E.isLeft(value)) watch?.giveUp(value.left)
    else watch?.learn(value.right)
  }

  const connect = (): void => {
    const asked = all()
    for (const watch of asked) watch.ask()
    connection.unsubscribe()
    // A subscriber that was just notified may have left, or paused.
    if (watches.size === 0 || !isActive) return
    connection = streamEvents$(
      `${url}${url.includes('?') ? '&' : '?'}${writeRefs(asked.map(({ ref }) => ref))}`,
      writeKnown(asked.map(({ known }) => known())),
      settings,
    ).subscribe({
      next: result => {
        if (E.isLeft(result)) failed(result.left)
        else result.right.forEach(take)
      },
      error: (defect: unknown) => {
        for (const watch of all()) watch.fail(defect)
      },
    })
  }

  const renew = (): void => {
    next.unsubscribe()
    if (isActive && watches.size > 0) next = after(notBefore - clock(), connect)
  }

  const activate = (now: boolean): void => {
    if (now === isActive) return
    isActive = now
    notifyAll({ _tag: now ? 'Resumed' : 'Paused' })
    if (now) renew()
    else disconnect()
  }

  return {
    renew,
    add: watch => {
      const name = nameOf(watch.ref)
      if (watches.size >= mostUploads || watches.has(name)) return false
      watches.set(name, watch)
      watch.holds.add(() => {
        watches.delete(name)
        if (watches.size > 0) return
        disconnect()
        activity.unsubscribe()
      })
      if (activity.closed) {
        isActive = true
        activity = new Subscription()
        activity.add(
          activity$?.subscribe({
            next: activate,
            error: () => {
              notifyAll({ _tag: 'SourceFailed', source: 'activity$' })
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
