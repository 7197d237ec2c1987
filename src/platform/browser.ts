import { Observable } from 'rxjs'
import { unreachable } from '../failure/failure'
import { abortable } from '../http/abortable'
import { webReader } from '../http/body'
import { ownFetch } from './ownFetch'
import type { Platform } from './platform'
import { webContext } from './webContext'
import { isWrongCall } from './wrongCall'

const isActive = (): boolean =>
  !(typeof document === 'object' && document.hidden) &&
  !(typeof navigator === 'object' && (navigator.onLine as boolean | undefined) === false)

/**
 * Whether the page is visible and the browser online. A worker has no page, and a host that only
 * counts as a browser may have none of this.
 */
const activity$: Observable<boolean> = new Observable(subscriber => {
  const look = (): void => {
    subscriber.next(isActive())
  }
  const listen = (target: EventTarget, event: string): void => {
    target.addEventListener(event, look)
    subscriber.add(() => {
      target.removeEventListener(event, look)
    })
  }
  if (typeof document === 'object') listen(document, 'visibilitychange')
  if (typeof addEventListener === 'function') {
    listen(globalThis, 'online')
    listen(globalThis, 'offline')
  }
  look()
})

/** Browsers and workers. A key is never looked for: it does not belong here. */
const browser: Platform = {
  headers: {},
  fetch: ownFetch,
  abortable,
  apiKey: () => undefined,
  activity$,
  readerOf: webReader,
  failureOf: error => (isWrongCall(error) ? null : unreachable('UNKNOWN')),
  context: webContext,
  answered: () => undefined,
}

export default browser
