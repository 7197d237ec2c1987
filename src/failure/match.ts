import type { Failure } from './failure'

/**
 * Handles every kind of failure. A case that is missing is a type error.
 *
 * @example
 * const retryLater = match({
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
export const match =
  <B>(cases: {
    readonly [Tag in Failure['_tag']]: (failure: Extract<Failure, { readonly _tag: Tag }>) => B
  }): ((failure: Failure) => B) =>
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
