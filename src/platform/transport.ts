import type { Fetch } from '../http/fetch'
import { isNode } from './isNode'
import { lazyAbortable } from './nodeAbortable'
import { ownFetch } from './ownFetch'

/**
 * The platform's own fetch for a request that was created for cross-fetch. Converts the signal,
 * because the platform accepts only signals of its own class.
 */
const fallback: Fetch = (url, { headers, signal }) => {
  const { init, abort } = lazyAbortable(headers)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort)
  return ownFetch(url, init)
}

const load = (): Promise<Fetch> =>
  isNode()
    ? import('./nodeFetch').then(
        module => module.nodeFetch,
        () => fallback,
      )
    : Promise.resolve(fallback)

let loading: Promise<Fetch> | null = null

/**
 * The default fetch of Node. The first request loads it, so that a program with its own `fetch` never
 * does. If it cannot be loaded, as in a bundle of ES modules, the platform's own fetch replaces it.
 */
export const transport: Fetch = (url, init) => (loading ??= load()).then(fetch => fetch(url, init))
