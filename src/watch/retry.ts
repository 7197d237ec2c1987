import { integerIn, members, milliseconds } from '../failure/checked'
import type { Failure } from '../failure/failure'
import { isTransient, isShortage } from '../failure/match'
import { backoff } from '../runtime/backoff'
import { longestTimer } from '../runtime/clock'

/** How often, and after what waits, a transient failure is tried again. */
export interface RetryPolicy {
  /** Retries in a row, after the first attempt. A success resets the count. */
  readonly retries: number
  /** Milliseconds that the first wait lasts at most. The bound doubles from retry to retry. */
  readonly base: number
  /** Milliseconds that any wait lasts at most. */
  readonly cap: number
}

/**
 * The waits add up to 166 s in the mean. The probability that they add up to less than 60 s is 4 in
 * 10 million: an outage of a minute ends no watch. No wait is longer than 20 s, so that the end of an
 * outage is noticed soon.
 */
export const defaultRetry: RetryPolicy = { retries: 21, base: 500, cap: 20_000 }

/** Returns a policy with the defaults filled in. */
export const retryPolicyOf = (
  policy: { readonly [Name in keyof RetryPolicy]?: RetryPolicy[Name] | undefined },
  name: string,
): RetryPolicy => {
  members(policy, name, Object.keys(defaultRetry))
  const {
    retries = defaultRetry.retries,
    base = defaultRetry.base,
    cap = defaultRetry.cap,
  } = policy
  return {
    retries: integerIn(retries, `${name}.retries`, 0, longestTimer),
    base: milliseconds(base, `${name}.base`),
    cap: milliseconds(cap, `${name}.cap`),
  }
}

/** An answer that breaks the contract seldom mends itself. */
const mostMalformed = 3

/** What failed in a row since the last success. */
export interface Streak {
  /** Retries spent. */
  readonly retries: number
  /** Retries that no policy counts: after a `429`, a shortage, or a 404 within its grace. */
  readonly unspent: number
  readonly malformed: number
  /** Whether an attempt was repeated because the key had changed. */
  readonly isRekeyed: boolean
}

export const noStreak: Streak = { retries: 0, unspent: 0, malformed: 0, isRekeyed: false }

/** The next attempt: when, and what to remember by then. */
export interface Retry {
  /** Milliseconds. */
  readonly wait: number
  readonly streak: Streak
}

/**
 * A wait that a server asked for, in milliseconds, and a little more: a hundredth, because timers may
 * be early, and up to a tenth, so that those who wait do not return together.
 */
export const notEarlier = (retryAfter: number | null, random: () => number): number =>
  (retryAfter ?? 0) * (1.01 + 0.1 * random())

/** What a policy of retries decides by. */
export interface RetryRules {
  readonly retry: RetryPolicy
  /** How long after the start a 404 is tried again, in milliseconds. */
  readonly notFoundGrace: number
  readonly random: () => number
}

/** A failure after which to wait without spending a retry. */
const isFree = (failure: Failure, { notFoundGrace }: RetryRules, now: number): boolean =>
  failure._tag === 'Throttled' ||
  // No request was sent: the server is not to blame.
  (failure._tag === 'Unreachable' && isShortage(failure.code)) ||
  (failure._tag === 'Rejected' && failure.status === 404 && now < notFoundGrace)

/**
 * Whether, and when, to try again after a failure; null gives up. A `429`, a shortage of this
 * machine, and a 404 within its grace spend no retry and are never tried again at once.
 *
 * @param retryAfter the wait that the server asked for, in ms; default: the one in the failure
 */
export const retryAfterFailure = (
  failure: Failure,
  streak: Streak,
  rules: RetryRules,
  now: number,
  retryAfter: number | null = 'retryAfter' in failure ? failure.retryAfter : null,
): Retry | null => {
  const { retry, random } = rules
  const floor = notEarlier(retryAfter, random)
  if (isFree(failure, rules, now))
    return {
      wait: floor || Math.max(1, retry.base + backoff(retry, streak.unspent, random)),
      streak: { ...streak, unspent: streak.unspent + 1 },
    }
  const malformed = failure._tag === 'Malformed' ? streak.malformed + 1 : 0
  return !isTransient(failure) || streak.retries >= retry.retries || malformed > mostMalformed
    ? null
    : {
        wait: Math.max(floor, backoff(retry, streak.retries, random)),
        streak: { ...streak, retries: streak.retries + 1, malformed },
      }
}
