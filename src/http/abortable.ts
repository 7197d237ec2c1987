import type { FetchInit, FetchResponse } from './fetch'

/** Notes an answer, which may decide how or when later requests are made. */
export type Answered = (url: string, response: FetchResponse) => void

/** A request that can be stopped. */
export interface Abortable {
  readonly init: FetchInit
  readonly abort: () => void
  readonly answered?: Answered | undefined
}

const bare = { method: 'GET', redirect: 'manual' } as const

/** The part that all requests share. */
export const asked = { ...bare, cache: 'no-store' } as const

const accepts = (init: RequestInit): boolean => {
  try {
    return new Request('https://host.invalid', init).method === init.method
  } catch {
    return false
  }
}

// Found out by the first request, since nothing of the host may be touched at load.
let accepted: typeof asked | typeof bare | null = null

/** The `init` to pass to `fetch`, and a function that aborts the request. */
export const abortable = (headers: FetchInit['headers']): Abortable => {
  const controller = new AbortController()
  // workerd refused a request that mentions `cache` until November 2024.
  accepted ??= accepts(asked) ? asked : bare
  return {
    init: { ...accepted, headers, signal: controller.signal },
    abort: () => {
      controller.abort()
    },
  }
}
