import { Subscription, type Observer } from 'rxjs'
import * as E from '../../model/either'
import type { Happening } from '../../model/event'
import type { Failure } from '../../model/failure'
import type { UploadRef } from '../../model/identifier'
import { tell as tellObserver } from '../../model/tell'
import { inCircumstances } from '../../pipeline/transition'
import type { Watched } from '../../pipeline/running'
import type { Shareable } from '../../sharedWatch'
import { knownAfter, theEnd, type Known } from '../protocol/known'
import type { RelayedSettings } from './options'

/** A watch of one upload that is told by a relay, and keeps the grammar whatever it is told. */
export interface RelayedWatch extends Shareable {
  readonly ref: UploadRef
  /** Its deadline and its place in a stream: it is over when it holds nothing any more. */
  readonly holds: Subscription
  readonly known: () => Known
  readonly tell: (happening: Happening) => void
  /** The relay is asked. */
  readonly ask: () => void
  /** The relay said something; it is emitted if it is news. */
  readonly learn: (value: Watched) => void
  /** The connection failed. */
  readonly lose: (failure: Failure) => void
  /** Ends without a status. */
  readonly giveUp: (failure: Failure) => void
  /** Ends with a bug. */
  readonly fail: (defect: unknown) => void
}

export const createRelayedWatch = (
  ref: UploadRef,
  observer: Observer<Watched>,
  { clock, on }: Pick<RelayedSettings, 'clock' | 'on'>,
): RelayedWatch => {
  const startedAt = clock()
  const holds = new Subscription()
  let status: RelayedWatch['watch']['status'] = null
  let attempts = 0
  let known: Known = 0

  const isOver = (): boolean => holds.closed

  const tell = (happening: Happening): void => {
    tellObserver(on, { ...happening, ...ref, at: Math.round(clock() - startedAt) })
  }

  const failed = (failure: Failure): Failure =>
    inCircumstances(failure, { attempts, status }, clock() - startedAt)

  const end = (value: Watched): void => {
    holds.unsubscribe()
    tell({ _tag: 'Settled', value })
    observer.next(value)
    observer.complete()
  }

  return {
    ref,
    holds,
    asking: null,
    // A subscriber that has left hears nothing more.
    tell: happening => {
      if (!isOver()) tell(happening)
    },
    known: () => known,
    get isOver() {
      return isOver()
    },
    get watch() {
      return { attempts, status }
    },
    ask: () => {
      if (isOver()) return
      attempts += 1
      tell({ _tag: 'AttemptStarted', attempt: attempts, late: 0 })
    },
    learn: value => {
      if (isOver()) return
      if (E.isRight(value))
        tell({ _tag: 'StatusReceived', status: value.right.status, via: 'push' })
      const next = knownAfter(value)
      // Whoever was told may have stopped the watch.
      if (isOver() || next <= known) return
      known = next
      if (E.isRight(value)) status = value.right
      if (known === theEnd) end(value)
      else observer.next(value)
    },
    lose: failure => {
      if (isOver()) return
      tell({ _tag: 'AttemptFailed', failure: failed(failure) })
    },
    giveUp: failure => {
      if (!isOver()) end(E.left(failed(failure)))
    },
    fail: defect => {
      holds.unsubscribe()
      observer.error(defect)
    },
  }
}
