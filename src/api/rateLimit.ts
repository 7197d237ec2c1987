import type { Answer } from './answer'
import { isPage } from './page'
import { statedLimits, type StatedLimit } from './statedLimits'

/** What an answer says about the requests that the team may make. */
export interface RateLimit {
  /** The strictest limit, in requests per minute; null where no window is known. */
  readonly perMinute: number | null
  /** The windows that end within a minute. */
  readonly windows: readonly LimitWindow[]
}

/** Until a window ends, no more than `remaining` requests. */
interface LimitWindow {
  /** Requests in a whole window. */
  readonly limit: number
  readonly remaining: number
  /** Milliseconds until the window ends: more than 0, and 60,000 at most. */
  readonly resetIn: number
}

const minute = 60_000

/** Servers and caches round to seconds. */
const rounding = 1_000

/**
 * The length of a window that the answer does not state. That of the API is a minute. A reset
 * further away belongs to a longer window. A reset within half a minute may belong to a shorter one,
 * so that it says nothing about a minute.
 */
const likelySpan = (resetIn: number | null): number | null =>
  resetIn === null || (resetIn > minute / 2 && resetIn <= minute + rounding) ? minute : null

const isPossible = ({ limit, remaining, span }: StatedLimit): boolean =>
  limit !== 0 && span !== 0 && (remaining ?? 0) <= (limit ?? Infinity)

/** Requests per minute by one limit. A limit that allows less than one says nothing about a minute. */
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
 * What an answer says about the team's limits, in its body or in its headers; null if it says nothing
 * that can be believed. Of several limits the strictest counts.
 *
 * A limit of another window than a minute is scaled: 10 a second are 600 a minute. Only a success or
 * a `429` is believed: other answers may come from a proxy, and no page is the API's.
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
