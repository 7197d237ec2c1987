import { Observable } from 'rxjs'
import { unreachable } from '../failure/failure'
import { abortable } from '../http/abortable'
import { webReader } from '../http/body'
import { createNetwork } from './network'
import { ownFetch } from './ownFetch'
import type { Platform } from './platform'
import { webContext } from './webContext'
import { isWrongCall } from './wrongCall'

const network = createNetwork()

/** Whether the page is visible and its network usable. A worker has no page. */
const activity$: Observable<boolean> = new Observable(subscriber => {
  const page = typeof document === 'object' ? document : null
  const look = (): void => {
    subscriber.next(page?.hidden !== true && network.isUsable())
  }
  page?.addEventListener('visibilitychange', look)
  subscriber.add(() => {
    page?.removeEventListener('visibilitychange', look)
  })
  subscriber.add(network.follow(look))
  look()
})

/** Browsers and workers. It has no default key: a key does not belong in a page. */
const browser: Platform = {
  headers: {},
  fetch: ownFetch,
  abortable: headers => ({ ...abortable(headers), answered: network.sent() }),
  apiKey: () => undefined,
  activity$,
  readerOf: webReader,
  failureOf: error => {
    if (isWrongCall(error)) return null
    network.lost()
    return unreachable('UNKNOWN')
  },
  context: webContext,
}

export default browser
