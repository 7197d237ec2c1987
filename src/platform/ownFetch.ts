import type { Fetch } from '../http/fetch'

/** The platform's own fetch, looked up at each call, so that a later patch of it is used. */
export const ownFetch: Fetch = (url, init) => {
  if (typeof globalThis.fetch !== 'function')
    throw new ReferenceError('there is no fetch here: pass one as the option fetch')
  return globalThis.fetch(url, init)
}
