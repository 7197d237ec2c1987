import { BehaviorSubject, Subscription, type Observable } from 'rxjs'
import { refName, type UploadRef } from '../api/uploadRef'
import { after } from '../runtime/wait'
import type { AliveChanged } from './webhookEvent'

/** Tracks whether deliveries are reliable. */
export interface Trust {
  /** Whether deliveries are reliable. Starts with false, and replays its latest value. */
  readonly alive$: Observable<boolean>
  /** Call when a verified delivery of any event arrives. */
  readonly delivered: () => void
  /** Call when the event of an upload was processed. */
  readonly received: (ref: UploadRef) => void
  /** Call when a watch that expects an event starts. Returns a function to call when it ends. */
  readonly opened: () => () => void
  /** Call when a poll found the end of an upload whose event has not arrived. */
  readonly polled: (ref: UploadRef) => void
}

/** The settings of {@link createTrust}. */
interface TrustSettings {
  /** Milliseconds. */
  readonly trustFor: number
  /** Milliseconds. */
  readonly lag: number
  /** Whether the event of an upload was processed meanwhile, possibly by another process. */
  readonly wasProcessed: (ref: UploadRef) => Promise<boolean>
  readonly on: (event: AliveChanged) => void
}

/**
 * Deliveries count as reliable from a verified delivery until an event is missed, or until none arrives
 * for `trustFor` while uploads are watched.
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
  /** The events that may still arrive, each with the timer that ends its wait. */
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

  /** Restarts the wait for the next delivery. */
  const listen = (): void => {
    silence.unsubscribe()
    if (open === 0 || !alive$.value) return
    silence = after(trustFor, () => {
      change(false, 'silent')
    })
  }

  const miss = async (ref: UploadRef, timer: Subscription | undefined): Promise<void> => {
    // If the store fails, the event counts as missed, because polling is the safe choice.
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
