import { catchError, defer, map, shareReplay, switchMap } from 'rxjs'
import { text } from '../../failure/checked'
import * as E from '../../failure/either'
import { askLeader$ } from './tabAsk'
import { createLeader } from './tabLeader'
import { member$, type Browser } from './tabMember'
import { messagesVersion } from './tabMessages'
import { tabsWith, type SharedRelay, type Tabs } from './tabs'

/**
 * The name of the channel and the lock of all tabs that share: a digest, so that no other script of the
 * origin reads a header in it.
 */
const nameOf = async (
  { crypto, page }: Browser,
  user: string,
  { url, headers }: SharedRelay,
): Promise<string> => {
  const same = [
    messagesVersion,
    user,
    new URL(url, page.baseURI).href,
    Object.entries(headers).sort(),
  ]
  const bytes = new TextEncoder().encode(JSON.stringify(same))
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return `rx-upload-status ${String(new Uint8Array(digest))}`
}

/** @param browser null where it cannot share: then each tab has streams of its own */
export const tabsOf = (browser: Browser | null, user: string): Tabs => {
  if (text(user, 'user') === '') throw new RangeError('user must name a user, but is empty')
  if (browser === null) return tabsWith(user, relay => relay.direct)
  const { locks, crypto, channelOf } = browser
  return tabsWith(user, relay => {
    const { silence, source } = relay
    const tab$ = defer(() => nameOf(browser, user, relay)).pipe(
      switchMap(name =>
        member$(browser, name, () =>
          createLeader({ locks, channel: channelOf(name), source: source() }),
        ),
      ),
      shareReplay({ bufferSize: 1, refCount: true }),
    )
    return (refs, known) =>
      tab$.pipe(
        switchMap(tab => askLeader$(tab, crypto.randomUUID(), refs, silence)),
        map(data => E.right(data === '' ? [] : [{ data, retry: null, isOver: false }])),
        // This page may have no locks and no channels, as in a frame without an origin.
        catchError(() => relay.direct(refs, known)),
      )
  })
}

/** The browser of this page; null where it lacks something. Locks need a secure context. */
const ownBrowser = (): Browser | null =>
  typeof document === 'undefined' ||
  typeof BroadcastChannel === 'undefined' ||
  !('locks' in navigator)
    ? null
    : {
        locks: navigator.locks,
        crypto,
        page: document,
        channelOf: name => new BroadcastChannel(name),
      }

/**
 * Shares one stream of a relay among the tabs of a browser, for the option `tabs`: over HTTP/1.1 a
 * browser has six connections to a host, in all tabs together, and without this the seventh tab waits.
 *
 * - One tab leads: it has the stream, which carries the uploads of all tabs. When it is closed, hidden or
 *   frozen, another one takes over immediately; when it hangs, 1.5 s after the next request of a tab, or
 *   after `silence`. No status is lost, and each tab keeps the grammar.
 * - Tabs share if they have the same origin, user, address and headers. A page cannot compare session
 *   cookies, so `user` must name the user of the session: other users then receive nothing of it.
 * - `on` of a tab receives its statuses and its end, but not the attempts of the shared stream.
 * - A page without Web Locks or `BroadcastChannel`, or outside a secure context, has streams of its own.
 *   So does a tab with an older version of the page.
 *
 * @param user a name of the user whose uploads these are, for example an id; not empty
 * @throws TypeError or RangeError if it is not such a text
 *
 * @example
 * const source = relayedSource('/uploads/live', { tabs: sharedTabs('user_7') })
 */
export const sharedTabs = (user: string): Tabs => tabsOf(ownBrowser(), user)
