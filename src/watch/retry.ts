import { integerIn, members, milliseconds } from '../failure/checked'
import type { Failure } from '../failure/failure'
import { isTransient, isShortage } from '../failure/match'
import { backoff } from '../runtime/backoff'
import { longestTimer } from '../runtime/clock'

/** The number of retries after transient failures, and the waits between them. */
export interface RetryPolicy {
  /** The most consecutive retries after the first attempt. A success resets the count. */
  readonly retries: number
  /** Milliseconds of the first wait, at most. It doubles with each retry. */
  readonly base: number
  /** Milliseconds of any wait, at most. */
  readonly cap: number
}

/**
 * The waits add up to 166 s on average. The probability that they add up to less than 60 s is 4 in 10
 * million, so an outage of a minute ends no watch. No wait exceeds 20 s, so that the end of an outage
 * is detected soon.
 */
export const defaultRetry: RetryPolicy = { retries: 21, base: 500, cap: 20_000 }

/** Checks a policy and fills in the defaults. */
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

/** The most consecutive retries after malformed answers: such a problem rarely goes away. */
const maxMalformed = 3

/** The consecutive failures since the last success. */
export interface Streak {
  /** Retries spent. */
  readonly retries: number
  /** Retries that do not count: after a `429`, a shortage, or a 404 within its grace period. */
  readonly unspent: number
  readonly malformed: number
  /** Whether an attempt was repeated because the key had changed. */
  readonly isRekeyed: boolean
}

export const noStreak: Streak = { retries: 0, unspent: 0, malformed: 0, isRekeyed: false }

/** The wait until the next attempt, and the streak after it. */
export interface Retry {
  /** Milliseconds. */
  readonly wait: number
  readonly streak: Streak
}

/**
 * Extends the wait that a server requested, in milliseconds: by 1 %, because timers may fire early, and
 * by up to 10 % more, so that waiting clients do not return together.
 */
export const notEarlier = (retryAfter: number | null, random: () => number): number =>
  (retryAfter ?? 0) * (1.01 + 0.1 * random())

/** The rules for retries. */
export interface RetryRules {
  readonly retry: RetryPolicy
  /** How long after the start a 404 is retried, in milliseconds. */
  readonly notFoundGrace: number
  readonly random: () => number
}

/** Whether the retry after a failure is not counted. */
const isFree = (failure: Failure, { notFoundGrace }: RetryRules, now: number): boolean =>
  failure._tag === 'Throttled' ||
  // No request was sent: the server is not to blame.
  (failure._tag === 'Unreachable' && isShortage(failure.code)) ||
  (failure._tag === 'Rejected' && failure.status === 404 && now < notFoundGrace)

/**
 * Decides whether and when to retry after a failure; null gives up. After a `429`, a shortage on this
 * machine, and a 404 within its grace period, the retry is not counted and never immediate.
 *
 * @param retryAfter the wait that the server requested, in ms; by default the one in the failure
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
  return !isTransient(failure) || streak.retries >= retry.retries || malformed > maxMalformed
    ? null
    : {
        wait: Math.max(floor, backoff(retry, streak.retries, random)),
        streak: { ...streak, retries: streak.retries + 1, malformed },
      }
}
