import type { RateLimits } from './rateLimit'

/** One HTTP answer, ready to be sent. */
export interface Reply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The members of a JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * A JSON object as the API sends it: with `_meta._rate_limits` where a limit is set. A `_meta` of
 * the body's own is left as it is.
 */
export const jsonReply = (
  status: number,
  body: JsonObject,
  limits: RateLimits | null,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(
    limits === null || '_meta' in body ? body : { ...body, _meta: { _rate_limits: limits } },
  ),
})

/** What an error answer says, besides its status. */
export interface ErrorBody {
  readonly error: string
  readonly code?: string | undefined
}

/** An error as the API words it: a sentence and, sometimes, a code. */
export const errorReply = (
  status: number,
  { error, code }: ErrorBody,
  limits: RateLimits | null,
  headers: Readonly<Record<string, string>> = {},
): Reply => jsonReply(status, code === undefined ? { error } : { error, code }, limits, headers)
