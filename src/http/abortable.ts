import type { FetchInit, FetchResponse } from './fetch'

/** Records an answer, which may affect how or when later requests are made. */
export type Answered = (url: string, response: FetchResponse) => void

/** A request that can be aborted. */
export interface Abortable {
  readonly init: FetchInit
  readonly abort: () => void
  readonly answered?: Answered | undefined
}

const initWithoutCache = { method: 'GET', redirect: 'manual' } as const

/** The part of `init` that all requests share. */
export const baseInit = { ...initWithoutCache, cache: 'no-store' } as const

const accepts = (init: RequestInit): boolean => {
  try {
    return new Request('https://host.invalid', init).method === init.method
  } catch {
    return false
  }
}

// Detected on the first request, because modules must not touch the host when they load.
let accepted: typeof baseInit | typeof initWithoutCache | null = null

/** Creates the `init` to pass to `fetch`, and a function that aborts the request. */
export const abortable = (headers: FetchInit['headers']): Abortable => {
  const controller = new AbortController()
  // Until November 2024 workerd refused a request with `cache`.
  accepted ??= accepts(baseInit) ? baseInit : initWithoutCache
  return {
    init: { ...accepted, headers, signal: controller.signal },
    abort: () => {
      controller.abort()
    },
  }
}
