import type { Answer } from './answer'
import { isPage } from './page'
import { statedLimits, type StatedLimit } from './statedLimits'

/** The rate limit of the team, as an answer states it. */
export interface RateLimit {
  /** The strictest limit, in requests per minute; null if no window is known. */
  readonly perMinute: number | null
  /** The windows that end within a minute. */
  readonly windows: readonly LimitWindow[]
}

/** A window of a rate limit: at most `remaining` more requests until it ends. */
interface LimitWindow {
  /** Requests in a whole window. */
  readonly limit: number
  readonly remaining: number
  /** Milliseconds until the window ends: more than 0, at most 60,000. */
  readonly resetIn: number
}

const minute = 60_000

/** The rounding error, in ms: servers and caches round to seconds. */
const rounding = 1_000

/**
 * Guesses the length of a window that the answer does not state. The API's window is a minute. A later
 * reset belongs to a longer window. A reset within half a minute may belong to a shorter one, so it
 * says nothing about a minute.
 */
const likelySpan = (resetIn: number | null): number | null =>
  resetIn === null || (resetIn > minute / 2 && resetIn <= minute + rounding) ? minute : null

const isPossible = ({ limit, remaining, span }: StatedLimit): boolean =>
  limit !== 0 && span !== 0 && (remaining ?? 0) <= (limit ?? Infinity)

/** The requests per minute of one limit; null if it is unknown, or less than one. */
const perMinuteOf = ({ limit, span, resetIn }: StatedLimit): number | null => {
  const window = span ?? likelySpan(resetIn)
  const scaled = limit === null || window === null ? 0 : Math.floor((limit * minute) / window)
  return scaled >= 1 ? scaled : null
}

const windowOf = ({ limit, remaining, span, resetIn }: StatedLimit): readonly LimitWindow[] => {
  const endsIn = Math.min(resetIn ?? minute, span ?? Infinity)
  return remaining === null ||
    (span ?? minute) > minute ||
    endsIn <= 0 ||
    endsIn > minute + rounding
    ? []
    : [{ limit: limit ?? remaining, remaining, resetIn: Math.min(endsIn, minute) }]
}

/**
 * Reads the team's rate limit from the body and the headers of an answer; null if they state nothing
 * plausible. Of several limits, the strictest counts.
 *
 * A limit for another window is scaled to a minute: 10 a second are 600 a minute. Only successes and
 * `429`s are trusted: other answers may come from a proxy, and pages never come from the API.
 */
export const rateLimitOf = (answer: Answer): RateLimit | null => {
  const { status } = answer
  if (!(status >= 200 && status < 300) && status !== 429) return null
  if (isPage(answer)) return null
  const stated = statedLimits(answer).filter(isPossible)
  const limits = stated.flatMap(each => perMinuteOf(each) ?? [])
  const windows = stated.flatMap(windowOf)
  return limits.length + windows.length === 0
    ? null
    : { perMinute: limits.length === 0 ? null : Math.min(...limits), windows }
}
