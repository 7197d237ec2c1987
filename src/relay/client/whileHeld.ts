import { Observable, type Unsubscribable } from 'rxjs'

/** The part of a lock manager that tabs need. */
export type Locks = Pick<LockManager, 'request'>

/**
 * Waits for a lock, does some work while it is held, and releases it when unsubscribed from. Emits
 * nothing. Completes when another tab stole the lock; errors if there are no locks for this page.
 *
 * @param steal takes the lock from its holder immediately, even if the holder hangs
 */
export const whileHeld$ = (
  locks: Locks,
  name: string,
  steal: boolean,
  work: () => Unsubscribable,
): Observable<never> =>
  new Observable(subscriber => {
    const waiting = new AbortController()
    let wasHeld = false
    const held = (): Promise<void> =>
      new Promise(release => {
        wasHeld = true
        // Added first: the work may unsubscribe, and so release the lock.
        subscriber.add(release)
        if (!subscriber.closed) subscriber.add(work())
      })
    locks.request(name, steal ? { steal } : { signal: waiting.signal }, held).then(
      () => {
        subscriber.complete()
      },
      (error: unknown) => {
        if (wasHeld) subscriber.complete()
        else subscriber.error(error)
      },
    )
    return () => {
      waiting.abort()
    }
  })
