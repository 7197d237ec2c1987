import * as E from '../model/either'
import type { Answer } from './answer'
import { isRecord } from './json'

/** What an answer says of the team's limit of requests per minute. */
export interface RateLimit {
  /** Requests per minute. */
  readonly limit: number
  /** Requests left in the window that runs. */
  readonly remaining: number
  /** Milliseconds until the window turns. */
  readonly resetIn: number
}

const minute = 60_000

const count = (value: unknown): number | null => {
  const isDigits = typeof value === 'string' && /^\d+$/.test(value)
  const number = typeof value === 'number' || isDigits ? Number(value) : NaN
  return Number.isSafeInteger(number) && number >= 0 ? number : null
}

const believable = (limit: unknown, remaining: unknown, resetIn: number): RateLimit | null => {
  const [most, left] = [count(limit), count(remaining)]
  return most === null || left === null || most === 0 || left > most
    ? null
    : { limit: most, remaining: left, resetIn }
}

const inBody = ({ body }: Answer): RateLimit | null => {
  const meta = E.isRight(body) && isRecord(body.right) ? body.right['_meta'] : null
  const limits = isRecord(meta) ? meta['_rate_limits'] : null
  return isRecord(limits)
    ? believable(limits['limit_minute'], limits['remaining_minute'], minute)
    : null
}

/** A reset is seconds from now, or since 1970; only one within the minute can be believed. */
const resetIn = (value: string | null, receivedAt: number): number => {
  const seconds = count(value) ?? 0
  const ms = seconds > 1e9 ? seconds * 1_000 - receivedAt : seconds * 1_000
  return ms > 0 ? Math.min(ms, minute) : minute
}

const inHeaders =
  (prefix: string) =>
  ({ header, receivedAt }: Answer): RateLimit | null => {
    const limit = header(`${prefix}-limit`)
    // Most answers say nothing.
    return limit === null
      ? null
      : believable(
          limit,
          header(`${prefix}-remaining`),
          resetIn(header(`${prefix}-reset`), receivedAt),
        )
  }

const stricter = (one: RateLimit | null, other: RateLimit | null): RateLimit | null =>
  one === null || other === null
    ? (one ?? other)
    : {
        limit: Math.min(one.limit, other.limit),
        remaining: Math.min(one.remaining, other.remaining),
        resetIn: Math.max(one.resetIn, other.resetIn),
      }

const inStandardHeaders = inHeaders('ratelimit')
const inOlderHeaders = inHeaders('x-ratelimit')

/**
 * The strictest of what body and headers say, or null. Whatever cannot be (negative, missing, more
 * left than there is) is passed over.
 */
export const rateLimitOf = (answer: Answer): RateLimit | null =>
  stricter(stricter(inBody(answer), inStandardHeaders(answer)), inOlderHeaders(answer))
