import type { FetchInit } from './fetch'

/** A request that can be stopped. */
export interface Abortable {
  readonly init: FetchInit
  readonly abort: () => void
}

/** What is always asked. */
export const asked = { method: 'GET', redirect: 'manual', cache: 'no-store' } as const

/** What is asked of `fetch`, with these headers, and what stops it. */
export const abortable = (headers: FetchInit['headers']): Abortable => {
  const controller = new AbortController()
  return {
    init: { ...asked, headers, signal: controller.signal },
    abort: () => {
      controller.abort()
    },
  }
}
