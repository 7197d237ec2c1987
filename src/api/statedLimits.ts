import * as E from '../failure/either'
import type { Answer } from './answer'
import { sentAt } from './httpDate'
import { isRecord } from './parseJson'
import { membersOf, type Member } from './structuredField'

/** A rate limit as an answer states it. Members that it does not state are null. */
export interface StatedLimit {
  /** Requests in a window. */
  readonly limit: number | null
  /** Requests left in the current window. */
  readonly remaining: number | null
  /** The length of a window, in milliseconds. */
  readonly span: number | null
  /** Milliseconds until the current window ends; 0 or less if it has ended. */
  readonly resetIn: number | null
}

const count = (value: unknown): number | null => {
  const isDigits = typeof value === 'string' && /^\d{1,15}$/.test(value)
  const number = typeof value === 'number' || isDigits ? Number(value) : NaN
  return Number.isSafeInteger(number) && number >= 0 ? number : null
}

const seconds = (value: unknown): number | null => {
  const number = count(value)
  return number === null ? null : number * 1_000
}

/** Parses a reset: in seconds from now, or in seconds or milliseconds since 1970. */
const resetOf = (value: unknown, answer: Answer): number | null => {
  const number = count(value)
  if (number === null || number <= 1e9) return seconds(number)
  return (number > 1e12 ? number : number * 1_000) - sentAt(answer)
}

/** A limit per minute. Ignored if either value is missing. */
const ofMinute = (limit: unknown, remaining: unknown): readonly StatedLimit[] => {
  const [most, left] = [count(limit), count(remaining)]
  return most === null || left === null
    ? []
    : [{ limit: most, remaining: left, span: 60_000, resetIn: null }]
}

const inBody = ({ body }: Answer): readonly StatedLimit[] => {
  const meta = E.isRight(body) && isRecord(body.right) ? body.right['_meta'] : null
  const limits = isRecord(meta) ? meta['_rate_limits'] : null
  return isRecord(limits) ? ofMinute(limits['limit_minute'], limits['remaining_minute']) : []
}

/** A limit and its window, named as in `RateLimit-Policy`. */
interface Policy extends StatedLimit {
  readonly name: string
  /** The limited unit: requests or, for example, bytes. */
  readonly unit: string
}

/** `"name";q=100;w=60`, or `100;w=60` in older drafts. */
const policiesOf = (members: readonly Member[]): readonly Policy[] =>
  members.map(({ value, parameters }) => ({
    name: value,
    unit: parameters.get('qu') ?? 'requests',
    limit: count(parameters.get('q') ?? value),
    remaining: null,
    span: seconds(parameters.get('w')),
    resetIn: null,
  }))

const isOfRequests = ({ unit }: Policy): boolean => unit === 'requests'

/** The window of a limit that is stated without one. Of several, the longest is the strictest. */
const spanOf = (limit: number | null, policies: readonly Policy[]): number | null => {
  const spans = policies.flatMap(policy =>
    policy.limit === limit && isOfRequests(policy) ? (policy.span ?? []) : [],
  )
  return spans.length === 0 ? null : Math.max(...spans)
}

/**
 * `RateLimit: "name";r=50;t=30`, or `limit=100, remaining=50, reset=30` in older drafts.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
const inRateLimit = (
  members: readonly Member[],
  policies: readonly Policy[],
  answer: Answer,
): readonly StatedLimit[] => {
  // Most answers have no such header.
  if (members.length === 0) return []
  const values = new Map(members.map(({ name, value }) => [name, value]))
  const limit = count(values.get('limit'))
  const remaining = count(values.get('remaining'))
  const resetIn = resetOf(values.get('reset'), answer)
  const older =
    limit === null || remaining === null
      ? []
      : [{ limit, remaining, span: spanOf(limit, policies), resetIn }]
  const named = members.flatMap(({ value, parameters }) => {
    const policy = policies.find(({ name }) => name === value)
    const left = count(parameters.get('r'))
    return left === null || (policy !== undefined && !isOfRequests(policy))
      ? []
      : {
          limit: policy?.limit ?? null,
          remaining: left,
          span: policy?.span ?? null,
          resetIn: resetOf(parameters.get('t'), answer),
        }
  })
  return [...older, ...named]
}

/** Headers named `…-Limit`, `…-Remaining` and `…-Reset`; each may be a list. */
const inFamily = (
  prefix: string,
  answer: Answer,
  more: readonly Policy[],
): readonly StatedLimit[] => {
  const { header } = answer
  const limits = membersOf(header(`${prefix}-limit`))
  // Most answers have no such header.
  if (limits.length === 0) return []
  const remaining = membersOf(header(`${prefix}-remaining`))
  const resets = membersOf(header(`${prefix}-reset`))
  const policies = policiesOf(limits).concat(more)
  return limits.flatMap(({ value, parameters }, i) => {
    const limit = count(value)
    const span = seconds(parameters.get('w')) ?? spanOf(limit, policies)
    const left = count(remaining[i]?.value)
    return limit === null || (span === null && left === null)
      ? []
      : { limit, remaining: left, span, resetIn: resetOf(resets[i]?.value, answer) }
  })
}

/** The headers of the vendor, and of gateways such as Kong. */
const inMinuteHeaders = (prefix: string, { header }: Answer): readonly StatedLimit[] => {
  const limit = header(`${prefix}-limit-minute`)
  return limit === null ? [] : ofMinute(limit, header(`${prefix}-remaining-minute`))
}

/** Reads all limits that an answer states, in its body and in all families of headers. */
export const statedLimits = (answer: Answer): readonly StatedLimit[] => {
  const all = policiesOf(membersOf(answer.header('ratelimit-policy')))
  const policies = all.filter(isOfRequests)
  return [
    ...inBody(answer),
    ...inMinuteHeaders('x-rate-limit', answer),
    ...inMinuteHeaders('x-ratelimit', answer),
    ...policies.filter(({ span }) => span !== null),
    ...inRateLimit(membersOf(answer.header('ratelimit')), all, answer),
    ...inFamily('ratelimit', answer, policies),
    ...inFamily('x-ratelimit', answer, policies),
    ...inFamily('x-rate-limit', answer, policies),
  ]
}
