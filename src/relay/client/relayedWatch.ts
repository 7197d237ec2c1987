import { Subscription, type Observer } from 'rxjs'
import type { UploadRef } from '../../api/uploadRef'
import * as E from '../../failure/either'
import type { Failure } from '../../failure/failure'
import { notify as notifyObserver } from '../../runtime/notify'
import type { Shareable } from '../../watch/bulk/sharedWatch'
import type { Happening, Watched } from '../../watch/event'
import { knownAfter, theEnd, type Known } from '../protocol/known'
import type { RelayedSettings } from './clientOptions'
import { inCircumstances } from '../../watch/watchState'

/** A watch of one upload through a relay. It follows the grammar whatever the relay sends. */
export interface RelayedWatch extends Shareable {
  readonly ref: UploadRef
  /** Its deadline and its stream. The watch is over when this is unsubscribed. */
  readonly holds: Subscription
  readonly known: () => Known
  readonly notify: (happening: Happening) => void
  /** Milliseconds until its deadline. */
  readonly remaining: () => number
  /** Call when the relay is requested. */
  readonly ask: () => void
  /** Applies a value from the relay. Emits it if it is newer. */
  readonly learn: (value: Watched) => void
  /** Call when the connection failed. */
  readonly lose: (failure: Failure) => void
  /** Ends with a failure. */
  readonly giveUp: (failure: Failure) => void
  /** Stops, unless it has ended. */
  readonly leave: () => void
  /** Errors because of a bug. */
  readonly fail: (defect: unknown) => void
}

export const createRelayedWatch = (
  ref: UploadRef,
  observer: Observer<Watched>,
  { clock, deadline, on }: Pick<RelayedSettings, 'clock' | 'deadline' | 'on'>,
): RelayedWatch => {
  const startedAt = clock()
  const holds = new Subscription()
  let status: RelayedWatch['watch']['status'] = null
  let attempts = 0
  let known: Known = 0

  const isOver = (): boolean => holds.closed

  const notify = (happening: Happening): void => {
    notifyObserver(on, { ...happening, ...ref, at: Math.round(clock() - startedAt) })
  }

  const failed = (failure: Failure): Failure =>
    inCircumstances(failure, { attempts, status }, clock() - startedAt)

  const end = (value: Watched): void => {
    holds.unsubscribe()
    notify({ _tag: 'Settled', value })
    observer.next(value)
    observer.complete()
  }

  const leave = (): void => {
    if (isOver()) return
    holds.unsubscribe()
    notify({ _tag: 'Stopped' })
  }

  return {
    ref,
    holds,
    asking: null,
    // A stopped watch reports nothing more.
    notify: happening => {
      if (!isOver()) notify(happening)
    },
    known: () => known,
    remaining: () => startedAt + deadline - clock(),
    get isOver() {
      return isOver()
    },
    get watch() {
      return { attempts, status }
    },
    ask: () => {
      if (isOver()) return
      attempts += 1
      notify({ _tag: 'AttemptStarted', attempt: attempts, late: 0 })
    },
    learn: value => {
      if (isOver()) return
      if (E.isRight(value))
        notify({ _tag: 'StatusReceived', status: value.right.status, via: 'push' })
      const next = knownAfter(value)
      // A listener may have stopped the watch.
      if (isOver() || next <= known) return
      known = next
      if (E.isRight(value)) status = value.right
      if (known === theEnd) end(value)
      else observer.next(value)
    },
    lose: failure => {
      if (isOver()) return
      notify({ _tag: 'AttemptFailed', failure: failed(failure) })
    },
    giveUp: failure => {
      if (!isOver()) end(E.left(failed(failure)))
    },
    leave,
    fail: defect => {
      leave()
      observer.error(defect)
    },
  }
}
