import type { Fetch } from '../http/fetch'
import { lazyAbortable } from './nodeAbortable'
import { ownFetch } from './ownFetch'

/**
 * The platform's own fetch, for a request that was made for cross-fetch: it accepts no signal but
 * one of the platform's own class.
 */
const instead: Fetch = (url, { headers, signal }) => {
  const { init, abort } = lazyAbortable(headers)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort)
  return ownFetch(url, init)
}

/** Bun and Deno imitate Node, and replace what cross-fetch is made of. */
const isNode = (): boolean => !('bun' in process.versions || 'deno' in process.versions)

const load = (): Promise<Fetch> =>
  isNode()
    ? import('./nodeFetch').then(
        module => module.nodeFetch,
        () => instead,
      )
    : Promise.resolve(instead)

let loading: Promise<Fetch> | null = null

/**
 * The default fetch of Node. The first request loads it, so that a program with a `fetch` of its own
 * never does. Where it cannot be loaded, as in a bundle of ES modules, the platform's own fetch
 * replaces it.
 */
export const transport: Fetch = (url, init) => (loading ??= load()).then(fetch => fetch(url, init))
