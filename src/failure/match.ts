import type { Failure, Malformed } from './failure'
import { onOneLine } from './safeText'

// The functions that have a case for each kind of failure.

/** One function for each kind of failure. See {@link matchFailure}. */
export type FailureCases<B> = {
  readonly [Tag in Failure['_tag']]: (failure: Extract<Failure, { readonly _tag: Tag }>) => B
}

/**
 * Handles every kind of failure. A missing case is a type error. `match` is its short name.
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

/**
 * Whether another attempt may succeed. After an answer that breaks the contract it may, unless the
 * answer was too large.
 */
export const isTransient = (failure: Failure): boolean => {
  switch (failure._tag) {
    case 'Unreachable':
      return !failure.tls
    case 'Malformed':
      return failure.reason !== 'oversized'
    case 'TimedOut':
    case 'Throttled':
    case 'Unavailable':
      return true
    case 'InvalidRequest':
    case 'Rejected':
    case 'Expired':
    case 'Cancelled':
      return false
  }
}

/** The error codes for a machine without a free file descriptor, port or buffer. */
const shortages: readonly string[] = ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS']

/**
 * Whether the code of an `Unreachable` means that this machine lacks the resources for a connection.
 * No request reached the server, so the failure says nothing about it.
 */
export const isShortage = (code: string): boolean => shortages.includes(code)

const seconds = (ms: number): string => `${String(Math.round(ms / 100) / 10)} s`

const contractBreaches: { readonly [Reason in Malformed['reason']]: string } = {
  httpStatus: 'its HTTP status means success but not a status answer',
  empty: 'it was empty',
  oversized: 'it was too large',
  notJson: 'it was not JSON',
  tooDeep: 'it was nested too deeply',
  shape: 'it had an unexpected shape',
}

const sentence: (failure: Failure) => string = /* @__PURE__ */ matchFailure({
  InvalidRequest: ({ which, why }) => `no poll was sent: ${which} ${why}`,
  Unreachable: ({ code, tls }) =>
    tls ? `the server's certificate was not accepted (${code})` : `no connection (${code})`,
  TimedOut: ({ phase, after }) => `no ${phase} within ${seconds(after)}`,
  Throttled: ({ retryAfter, scope }) =>
    `over the rate limit${scope === null ? '' : ` of the ${scope}`}` +
    (retryAfter === null ? '' : `, retry after ${seconds(retryAfter)}`),
  Unavailable: ({ status, page }) =>
    `the service was unavailable (HTTP ${String(status)}${page ? ', a page instead of JSON' : ''})`,
  Rejected: ({ status, code, message }) =>
    `rejected with HTTP ${String(status)}${status === 402 ? ' (too few credits)' : ''}` +
    (code === null ? '' : ` ${code}`) +
    (message === null ? '' : `: ${message}`),
  Malformed: ({ reason, problems, status }) =>
    `the answer broke the contract: ${contractBreaches[reason]}` +
    (status === null ? '' : ` (status "${status}")`) +
    problems.map(({ path, expected }) => `; ${path || 'the body'} is not ${expected}`).join(''),
  Expired: ({ after, lastFailure }) =>
    `no terminal status within the deadline of ${seconds(after)}` +
    (lastFailure === null ? '' : `; the last attempt failed: ${sentence(lastFailure)}`),
  Cancelled: ({ reason }) => `cancelled: ${reason}`,
})

/**
 * Describes a failure in one readable line that is safe to log and to put into a URL. `describe` is its
 * short name.
 *
 * @example
 * describeFailure(failure) // 'rejected with HTTP 401: Invalid API key (1 attempt, 0.2 s, last status: none)'
 */
export const describeFailure = (failure: Failure): string => {
  const { _tag, attempts, elapsed, lastStatus, requestId } = failure
  const count = `${String(attempts)} attempt${attempts === 1 ? '' : 's'}, `
  return (
    // The attempt of an `InvalidRequest` sent nothing, so a count of it would mislead.
    `${onOneLine(sentence(failure))} (${_tag === 'InvalidRequest' ? '' : count}` +
    `${seconds(elapsed)}, last status: ${lastStatus ?? 'none'}` +
    `${requestId === undefined ? '' : `, request ${requestId}`})`
  )
}

/**
 * The short name of {@link describeFailure}.
 *
 * @alias
 */
export const describe = describeFailure
