/** The `init` of a request. */
export interface FetchInit {
  readonly method: 'GET'
  readonly headers: Record<string, string>
  /** A redirect is never followed: it would take the key along. */
  readonly redirect: 'manual'
  /** Absent on a host that refuses it. */
  readonly cache?: 'no-store'
  readonly signal: AbortSignal
}

/** The part of a WHATWG `Response` that is read. */
export interface FetchResponse {
  readonly status: number
  readonly type?: string | undefined
  readonly headers: { get(name: string): string | null }
  readonly body?: unknown
  text(): Promise<string>
}

/** Any WHATWG fetch: the platform's, cross-fetch, undici's, node-fetch, or a stand-in in a test. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>
