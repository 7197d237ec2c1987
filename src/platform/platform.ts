import type { Observable } from 'rxjs'
import type { Rejected, Unreachable } from '../failure/failure'
import type { Abortable } from '../http/abortable'
import type { ApiKey } from '../http/apiKey'
import type { Reader } from '../http/body'
import type { Fetch, FetchInit } from '../http/fetch'
import type { InContext } from '../runtime/context'

/**
 * The differences between Node, browsers, edge runtimes and React Native. The `imports` map of the
 * package selects one, so that no platform carries the code of another.
 */
export interface Platform {
  /** The default fetch. */
  readonly fetch: Fetch
  /** The headers of every request to the API. The user's headers override them. */
  readonly headers: { readonly [name: string]: string }
  /** Creates an abortable request, for the default fetch or another one. */
  readonly abortable: (headers: FetchInit['headers'], fetch: Fetch, url: string) => Abortable
  /** The default key. */
  readonly apiKey: ApiKey
  /** Whether the page is visible and its network usable; undefined if the host cannot tell. */
  readonly activity$: Observable<boolean> | undefined
  /** Returns a reader for the chunks of a body, or null if it cannot be read in chunks. */
  readonly readerOf: (body: unknown) => Reader | null
  /**
   * Classifies a rejected fetch or a broken body; returns null if the call was wrong, which is a bug.
   * The failure has at most a code, never a message, because fetches can quote the whole
   * `Authorization` header. Call it once for each error: the platform may record it.
   */
  readonly failureOf: (error: unknown, url: string) => Unreachable | Rejected | null
  /** Captures the asynchronous context of the caller. */
  readonly context: () => InContext
}
