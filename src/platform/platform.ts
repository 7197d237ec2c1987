import type { Observable } from 'rxjs'
import type { Rejected, Unreachable } from '../failure/failure'
import type { Abortable } from '../http/abortable'
import type { ApiKey } from '../http/apiKey'
import type { Reader } from '../http/body'
import type { Fetch, FetchInit } from '../http/fetch'
import type { InContext } from '../runtime/context'

/**
 * What differs between Node, browsers and React Native. The package's `imports` map chooses one, so
 * that no platform carries the code of another.
 */
export interface Platform {
  /** The default fetch. */
  readonly fetch: Fetch
  /** Headers of every request to the API, unless the user's have the same name. */
  readonly headers: { readonly [name: string]: string }
  /** Creates a request that can be aborted, for that fetch or another one. */
  readonly abortable: (headers: FetchInit['headers'], fetch: Fetch, url: string) => Abortable
  /** The default key. */
  readonly apiKey: ApiKey
  /** Whether the page is visible and its network usable; undefined where the host cannot tell. */
  readonly activity$: Observable<boolean> | undefined
  /** The chunks of a body, or null where it cannot be read in chunks. */
  readonly readerOf: (body: unknown) => Reader | null
  /**
   * What a rejected fetch, or a body that broke off, means; null where the call was wrong, which is
   * a bug. It has a code at most, never a message: both fetches can put
   * the whole `Authorization` header into it. Called once for each, since the platform may note it.
   */
  readonly failureOf: (error: unknown, url: string) => Unreachable | Rejected | null
  /** The asynchronous context of the caller. */
  readonly context: () => InContext
}
