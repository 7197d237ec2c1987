import type { Fetch } from '../http/fetch'

/** The platform's own fetch. Each call looks it up, so that a later patch takes effect. */
export const ownFetch: Fetch = (url, init) => {
  if (typeof globalThis.fetch !== 'function')
    throw new ReferenceError('there is no fetch here: pass one as the option fetch')
  return globalThis.fetch(url, init)
}
