import type { Failure, InvalidRequest } from '../../failure/failure'
import { match } from '../../failure/match'

const twoDigits = (count: number): string => String(count).padStart(2, '0')

/** Formats a count for people: `10,000`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US')

/**
 * Formats milliseconds for people. The longer the duration, the coarser the text; up to 100 hours
 * it is at most 7 characters long.
 *
 * ```
 * 4_230 → 4.2s    42_300 → 42s    185_000 → 3m 05s    7_500_000 → 2h 05m
 * ```
 */
export const formatDuration = (ms: number): string => {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1_000).toFixed(1)}s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${String(seconds)}s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${String(minutes)}m ${twoDigits(seconds % 60)}s`
    : `${String(Math.floor(minutes / 60))}h ${twoDigits(minutes % 60)}m`
}

const nouns: { readonly [Which in InvalidRequest['which']]: string } = {
  account: 'account',
  upload: 'upload',
  platform: 'platform',
  hint: 'hint',
  priority: 'priority',
  apiKey: 'API key',
  baseUrl: 'base URL',
  pollingUrl: 'polling URL',
}

/** A failure in a few words, for a table cell; `describe` gives the whole sentence. */
export const formatFailure: (failure: Failure) => string = match({
  InvalidRequest: ({ which, why }) => `${nouns[which]} ${why}`,
  Unreachable: ({ code }) => `no connection, ${code}`,
  TimedOut: ({ phase }) => `no ${phase} in time`,
  Throttled: () => 'rate limit, HTTP 429',
  Unavailable: ({ status }) => `unavailable, HTTP ${String(status)}`,
  Rejected: ({ status }) =>
    `${status === 402 ? 'too few credits' : 'rejected'}, HTTP ${String(status)}`,
  Malformed: () => 'malformed answer',
  Expired: () => 'deadline passed',
  Cancelled: () => 'cancelled',
})
