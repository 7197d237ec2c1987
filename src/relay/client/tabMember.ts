import {
  concat,
  fromEvent,
  map,
  merge,
  NEVER,
  Observable,
  repeat,
  startWith,
  Subject,
  switchMap,
} from 'rxjs'
import type { Unsubscribable } from 'rxjs'
import type { Ask } from './tabMessages'
import { whileHeld$, type Locks } from './whileHeld'

/** The part of a browser that tabs need. */
export interface Browser {
  readonly locks: Locks
  readonly crypto: Pick<Crypto, 'randomUUID' | 'subtle'>
  readonly page: EventTarget & { readonly baseURI: string }
  readonly channelOf: (name: string) => BroadcastChannel
}

/** One tab, for as long as it follows anything. */
export interface Member {
  /** The lock that shows that the tab is alive. */
  readonly lock: string
  readonly channel: Pick<BroadcastChannel, 'addEventListener' | 'removeEventListener'>
  /** Sends a message to all tabs while this one is a member. */
  readonly send: (message: Ask) => void
  /** Replaces a leader that does not answer. */
  readonly replaceLeader: () => void
}

/**
 * Leads when the lock is free, and again after another tab took it. A frozen tab does not lead.
 * Emits nothing; errors if there are no locks for this page.
 */
const leadership$ = (
  { locks, page }: Browser,
  name: string,
  replaced$: Observable<void>,
  lead: () => Unsubscribable,
): Observable<never> => {
  const inTurn$ = whileHeld$(locks, name, false, lead).pipe(repeat())
  const atOnce$ = concat(whileHeld$(locks, name, true, lead), inTurn$)
  return merge(
    fromEvent(page, 'freeze').pipe(map(() => NEVER)),
    fromEvent(page, 'resume').pipe(map(() => inTurn$)),
    replaced$.pipe(map(() => atOnce$)),
  ).pipe(
    startWith(inTurn$),
    switchMap(next$ => next$),
  )
}

/** Emits once this tab can ask a leader. Leads itself while it holds the lock. Unsubscribing leaves. */
export const member$ = (
  browser: Browser,
  name: string,
  lead: () => Unsubscribable,
): Observable<Member> =>
  new Observable(subscriber => {
    const { locks, crypto, channelOf } = browser
    const channel = channelOf(name)
    subscriber.add(() => {
      channel.close()
    })
    const lock = `${name} ${crypto.randomUUID()}`
    const replaced$ = new Subject<void>()
    const send = (message: Ask): void => {
      // A closed channel throws. The released lock already shows that this tab has left.
      if (!subscriber.closed) channel.postMessage(message)
    }
    const replaceLeader = (): void => {
      replaced$.next()
    }
    const error = (reason: unknown): void => {
      subscriber.error(reason)
    }
    // Only while it is held: the leader regards a tab whose lock is free as closed.
    const alive$ = whileHeld$(locks, lock, false, () => {
      subscriber.next({ lock, channel, send, replaceLeader })
      return leadership$(browser, name, replaced$, lead).subscribe({ error })
    })
    subscriber.add(alive$.subscribe({ error }))
  })
