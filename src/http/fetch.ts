/** The `init` of a request. */
export interface FetchInit {
  /** A status is only read. */
  readonly method: 'GET'
  /** The key, and the headers of the option `headers`. */
  readonly headers: Record<string, string>
  /** A redirect is never followed: it would take the key along. */
  readonly redirect: 'manual'
  /** Absent on a host that refuses it. */
  readonly cache?: 'no-store'
  /** Aborts when the watch ends, or when the attempt takes too long. */
  readonly signal: AbortSignal
}

/** The part of a WHATWG `Response` that is read. */
export interface FetchResponse {
  /** The HTTP status. */
  readonly status: number
  /** `opaqueredirect` for a redirect, in a browser. */
  readonly type?: string | undefined
  /** The headers; `get` returns null for one that is absent. */
  readonly headers: {
    /** The value of a header, whatever the case of its name. */
    get(name: string): string | null
  }
  /** A stream of either kind, so that the body is read up to its cap; without one `text` is called. */
  readonly body?: unknown
  /** The whole body as a text. */
  text(): Promise<string>
}

/** Any WHATWG fetch: the platform's, cross-fetch, undici's, node-fetch, or a stand-in in a test. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>
