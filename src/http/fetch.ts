/** The `init` of a request. */
export interface FetchInit {
  /** Always `GET`. */
  readonly method: 'GET'
  /** The key, and the headers from the option `headers`. */
  readonly headers: Record<string, string>
  /** Redirects are never followed: they would take the key along. */
  readonly redirect: 'manual'
  /** Absent on hosts that refuse it. */
  readonly cache?: 'no-store'
  /** Aborts when the watch ends or the attempt times out. */
  readonly signal: AbortSignal
}

/** The part of a WHATWG `Response` that the package reads. */
export interface FetchResponse {
  /** The HTTP status. */
  readonly status: number
  /** `opaqueredirect` for a redirect in a browser. */
  readonly type?: string | undefined
  /** The headers; `get` returns null for an absent one. */
  readonly headers: {
    /** Returns the value of a header. Names are case-insensitive. */
    get(name: string): string | null
  }
  /** A web or Node stream, which is read up to the size limit. Without a stream, `text` is called. */
  readonly body?: unknown
  /** Resolves with the whole body as text. */
  text(): Promise<string>
}

/** Any WHATWG fetch: the platform's, cross-fetch, undici, node-fetch, or a stub in a test. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>
