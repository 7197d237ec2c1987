import type { Either } from 'fp-ts/Either'
import type { Failure } from '../failure/failure'

/** A response, read to its end. */
export interface Answer {
  /** The HTTP status; 0 where a browser hides that of a redirect. */
  readonly status: number
  /** The value of a header, by its name in lower case. */
  readonly header: (name: string) => string | null
  /** The parsed JSON of the body, or why there is none. */
  readonly body: Either<Failure, unknown>
  /** Milliseconds since 1970, on the wall clock, when the headers arrived. */
  readonly receivedAt: number
  /**
   * After a `401`: whether the key that was refused is still the one to use, or has changed
   * meanwhile; or the answer is an earlier one, and the key was not sent again.
   */
  readonly key?: 'refused' | 'changed' | 'refusedBefore' | undefined
}
