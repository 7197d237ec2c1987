import { BehaviorSubject, Subscription, type Observable } from 'rxjs'
import { refName, type UploadRef } from '../api/uploadRef'
import { after } from '../runtime/wait'
import type { AliveChanged } from './webhookEvent'

/** Whether deliveries can be relied on. */
export interface Trust {
  /** Starts with false, and repeats the latest value to each subscriber. */
  readonly alive$: Observable<boolean>
  /** A verified delivery arrived, of any event. */
  readonly delivered: () => void
  /** The event of an upload was processed. */
  readonly received: (ref: UploadRef) => void
  /** A watch begins, of an upload whose event is expected; ends with what it returns. */
  readonly opened: () => () => void
  /** A poll found the end of an upload, whose event has not arrived. */
  readonly polled: (ref: UploadRef) => void
}

/** What decides whether deliveries can be relied on. */
interface TrustSettings {
  /** Milliseconds. */
  readonly trustFor: number
  /** Milliseconds. */
  readonly lag: number
  /** Whether the event of an upload was processed after all, perhaps by another process. */
  readonly wasProcessed: (ref: UploadRef) => Promise<boolean>
  readonly on: (event: AliveChanged) => void
}

/**
 * Deliveries are relied on from a verified delivery on, until an event is missed, or none arrives for
 * `trustFor` while uploads are watched.
 *
 * ```
 * deliveries   --x-----x------------------------x--
 * polled end   -------------p----------------------
 * lag                       |------|
 * alive$       f-t-----------------f------------t--
 * ```
 */
export const createTrust = ({ trustFor, lag, wasProcessed, on }: TrustSettings): Trust => {
  const alive$ = new BehaviorSubject(false)
  /** The events that may still arrive, each with the timer that ends the wait. */
  const awaited = new Map<string, Subscription>()
  let open = 0
  let silence = Subscription.EMPTY

  const change = (alive: boolean, reason: AliveChanged['reason']): void => {
    if (alive$.value === alive) return
    if (!alive) {
      for (const timer of awaited.values()) timer.unsubscribe()
      awaited.clear()
    }
    on({ _tag: 'AliveChanged', alive, reason })
    alive$.next(alive)
  }

  /** Starts to wait for the next delivery. */
  const listen = (): void => {
    silence.unsubscribe()
    if (open === 0 || !alive$.value) return
    silence = after(trustFor, () => {
      change(false, 'silent')
    })
  }

  const miss = async (ref: UploadRef, timer: Subscription | undefined): Promise<void> => {
    // A store that fails says nothing: polls are the safe way.
    const isProcessed = await wasProcessed(ref).catch(() => false)
    const name = refName(ref)
    if (awaited.get(name) !== timer) return
    awaited.delete(name)
    if (!isProcessed) change(false, 'missed')
  }

  return {
    alive$: alive$.asObservable(),
    delivered: () => {
      change(true, 'delivered')
      listen()
    },
    received: ref => {
      const name = refName(ref)
      awaited.get(name)?.unsubscribe()
      awaited.delete(name)
    },
    opened: () => {
      open += 1
      if (open === 1) listen()
      return () => {
        open -= 1
        if (open === 0) silence.unsubscribe()
      }
    },
    polled: ref => {
      const name = refName(ref)
      if (!alive$.value || awaited.has(name)) return
      const timer = after(lag, () => void miss(ref, timer))
      awaited.set(name, timer)
    },
  }
}
