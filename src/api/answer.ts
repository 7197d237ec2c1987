import type { Either } from 'fp-ts/Either'
import type { Failure } from '../failure/failure'

/** A completely read response. */
export interface Answer {
  /** The HTTP status; 0 for a redirect whose status a browser hides. */
  readonly status: number
  /** Returns the value of a header. Names are lower case. */
  readonly header: (name: string) => string | null
  /** The parsed JSON of the body, or the failure to read it. */
  readonly body: Either<Failure, unknown>
  /** Milliseconds since 1970, by the wall clock, when the headers arrived. */
  readonly receivedAt: number
  /**
   * Set after a `401`. `refused`: the key has not changed. `changed`: the key has changed meanwhile.
   * `refusedBefore`: this is an earlier answer, and the key was not sent again.
   */
  readonly key?: 'refused' | 'changed' | 'refusedBefore' | undefined
}
