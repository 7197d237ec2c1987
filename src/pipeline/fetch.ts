/** What a request asks of `fetch`. */
export interface FetchInit {
  readonly method: 'GET'
  readonly headers: Record<string, string>
  /** A redirect is never followed: it would take the key along. */
  readonly redirect: 'manual'
  readonly cache: 'no-store'
  readonly signal: AbortSignal
}

const controller = Symbol()

const signal: PropertyDescriptor & ThisType<Init> = {
  enumerable: true,
  get() {
    return this[controller].signal
  },
}

class Init implements FetchInit {
  readonly method = 'GET'
  readonly redirect = 'manual'
  readonly cache = 'no-store'
  readonly [controller]: AbortController
  declare readonly signal: AbortSignal

  constructor(
    readonly headers: FetchInit['headers'],
    aborter: AbortController,
  ) {
    this[controller] = aborter
    Object.defineProperty(this, 'signal', signal)
  }
}

/**
 * Asks with these headers, until it is aborted. A signal is made when it is looked at: in Node that
 * takes longer than all else that is done for an attempt. It is a member like the others, so that a
 * copy has it too.
 */
export const abortable = (headers: FetchInit['headers'], aborter: AbortController): FetchInit =>
  new Init(headers, aborter)

/** The part of a WHATWG `Response` that is read. */
export interface FetchResponse {
  readonly status: number
  readonly type?: string
  readonly headers: { get(name: string): string | null }
  readonly body?: unknown
  text(): Promise<string>
}

/** Any WHATWG fetch: the platform's, cross-fetch, undici's, node-fetch, or a stand-in in a test. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>
