import type { Failure } from './failure'

/** One function for each kind of failure; see {@link matchFailure}. */
export type FailureCases<B> = {
  readonly [Tag in Failure['_tag']]: (failure: Extract<Failure, { readonly _tag: Tag }>) => B
}

/**
 * Handles every kind of failure. A case that is missing is a type error. `match` is its short name.
 *
 * @example
 * const retryLater = matchFailure({
 *   InvalidRequest: () => false,
 *   Unreachable: ({ tls }) => !tls,
 *   TimedOut: () => true,
 *   Throttled: () => true,
 *   Unavailable: () => true,
 *   Rejected: () => false,
 *   Malformed: () => false,
 *   Expired: () => true,
 *   Cancelled: () => false,
 * })
 */
export const matchFailure =
  <B>(cases: FailureCases<B>): ((failure: Failure) => B) =>
  failure => {
    switch (failure._tag) {
      case 'InvalidRequest':
        return cases.InvalidRequest(failure)
      case 'Unreachable':
        return cases.Unreachable(failure)
      case 'TimedOut':
        return cases.TimedOut(failure)
      case 'Throttled':
        return cases.Throttled(failure)
      case 'Unavailable':
        return cases.Unavailable(failure)
      case 'Rejected':
        return cases.Rejected(failure)
      case 'Malformed':
        return cases.Malformed(failure)
      case 'Expired':
        return cases.Expired(failure)
      case 'Cancelled':
        return cases.Cancelled(failure)
    }
  }

/**
 * The short name of {@link matchFailure}.
 *
 * @alias
 */
export const match = matchFailure
