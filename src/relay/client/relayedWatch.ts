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
  readonly isOver: boolean
  /** Its deadline and its stream. The watch is over when this is unsubscribed. */
  readonly resources: Subscription
  readonly known: () => Known
  readonly notify: (happening: Happening) => void
  /** Milliseconds until its deadline. */
  readonly remaining: () => number
  /** Call when a request to the relay starts. */
  readonly attemptStarted: () => void
  /** Applies a value from the relay. Emits it if it is newer. */
  readonly receive: (value: Watched) => void
  /** Call when the connection failed. */
  readonly attemptFailed: (failure: Failure) => void
  /** Ends with a failure. */
  readonly endWith: (failure: Failure) => void
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
  const resources = new Subscription()
  let status: RelayedWatch['watch']['status'] = null
  let attempts = 0
  let known: Known = 0

  const isOver = (): boolean => resources.closed

  const notify = (happening: Happening): void => {
    notifyObserver(on, { ...happening, ...ref, at: Math.round(clock() - startedAt) })
  }

  const withCircumstances = (failure: Failure): Failure =>
    inCircumstances(failure, { attempts, status }, clock() - startedAt)

  const end = (value: Watched): void => {
    resources.unsubscribe()
    notify({ _tag: 'Settled', value })
    observer.next(value)
    observer.complete()
  }

  const leave = (): void => {
    if (isOver()) return
    resources.unsubscribe()
    notify({ _tag: 'Stopped' })
  }

  return {
    ref,
    resources,
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
    attemptStarted: () => {
      if (isOver()) return
      attempts += 1
      notify({ _tag: 'AttemptStarted', attempt: attempts, late: 0 })
    },
    receive: value => {
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
    attemptFailed: failure => {
      if (isOver()) return
      notify({ _tag: 'AttemptFailed', failure: withCircumstances(failure) })
    },
    endWith: failure => {
      if (!isOver()) end(E.left(withCircumstances(failure)))
    },
    leave,
    fail: defect => {
      leave()
      observer.error(defect)
    },
  }
}
