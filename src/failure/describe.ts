import type { Failure, Malformed } from './failure'
import { matchFailure } from './match'
import { onOneLine } from './safeText'

const seconds = (ms: number): string => `${String(Math.round(ms / 100) / 10)} s`

const broken: { readonly [Reason in Malformed['reason']]: string } = {
  httpStatus: 'its HTTP status means success but not a status answer',
  empty: 'it was empty',
  oversized: 'it was too large',
  notJson: 'it was not JSON',
  tooDeep: 'it was nested too deeply',
  shape: 'it had another shape',
}

const sentence: (failure: Failure) => string = /* @__PURE__ */ matchFailure({
  InvalidRequest: ({ which, why }) => `nothing was sent: ${which} ${why}`,
  Unreachable: ({ code, tls }) =>
    tls ? `the server's certificate was not accepted (${code})` : `no connection (${code})`,
  TimedOut: ({ phase, after }) => `no ${phase} within ${seconds(after)}`,
  Throttled: ({ retryAfter, scope }) =>
    `over the rate limit${scope === null ? '' : ` of the ${scope}`}` +
    (retryAfter === null ? '' : `, free again in ${seconds(retryAfter)}`),
  Unavailable: ({ status, page }) =>
    `the service was unavailable (HTTP ${String(status)}${page ? ', a page instead of JSON' : ''})`,
  Rejected: ({ status, code, message }) =>
    `rejected with HTTP ${String(status)}${status === 402 ? ' (too few credits)' : ''}` +
    (code === null ? '' : ` ${code}`) +
    (message === null ? '' : `: ${message}`),
  Malformed: ({ reason, problems, status }) =>
    `the answer broke the contract: ${broken[reason]}` +
    (status === null ? '' : ` (status "${status}")`) +
    problems.map(({ path, expected }) => `; ${path || 'the body'} is not ${expected}`).join(''),
  Expired: ({ after, lastFailure }) =>
    `no end within the deadline of ${seconds(after)}` +
    (lastFailure === null ? '' : `; the last attempt failed: ${sentence(lastFailure)}`),
  Cancelled: ({ reason }) => `cancelled: ${reason}`,
})

/**
 * One readable line, safe to log and to put into a URL. `describe` is its short name.
 *
 * @example
 * describeFailure(failure) // 'rejected with HTTP 401: Invalid API key (1 attempt, 0.2 s, last status: none)'
 */
export const describeFailure = (failure: Failure): string =>
  `${onOneLine(sentence(failure))} (${String(failure.attempts)} ${failure.attempts === 1 ? 'attempt' : 'attempts'}, ` +
  `${seconds(failure.elapsed)}, last status: ${failure.lastStatus ?? 'none'}` +
  `${failure.requestId === undefined ? '' : `, request ${failure.requestId}`})`

/**
 * The short name of {@link describeFailure}.
 *
 * @alias
 */
export const describe = describeFailure
