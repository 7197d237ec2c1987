import type { Observable } from 'rxjs'
import type { Rejected, Unreachable } from '../failure/failure'
import type { Abortable } from '../http/abortable'
import type { ApiKey } from '../http/apiKey'
import type { Reader } from '../http/body'
import type { Fetch, FetchInit, FetchResponse } from '../http/fetch'
import type { InContext } from '../runtime/context'

/**
 * What differs between Node, browsers and React Native. The package's `imports` map chooses one, so
 * that no platform carries the code of another.
 */
export interface Platform {
  /** The fetch for those who hand in none. */
  readonly fetch: Fetch
  /** A request, by that fetch or another one, that can be stopped. */
  readonly abortable: (headers: FetchInit['headers'], fetch: Fetch, url: string) => Abortable
  /** The key for those who hand in none. */
  readonly apiKey: ApiKey
  /** Whether somebody watches and the network is there; undefined where nobody can tell. */
  readonly activity$: Observable<boolean> | undefined
  /** The chunks of a body, or null where it cannot be read in chunks. */
  readonly readerOf: (body: unknown) => Reader | null
  /**
   * What a rejected fetch, or a body that broke off, says of the connection; null where the call was
   * wrong, which is a bug. A code is told where there is one, never a message: both fetches can put
   * the whole `Authorization` header into it.
   */
  readonly failureOf: (error: unknown, url: string) => Unreachable | Rejected | null
  /** The asynchronous context of the caller. */
  readonly context: () => InContext
  /** Notes an answer, for what later attempts can learn of it. */
  readonly answered: (url: string, response: FetchResponse) => void
}
