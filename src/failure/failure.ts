import type { Type } from 'io-ts'
import { failureCodec } from './failureCodec'

/** The four values of a status. */
export type StatusWord = 'pending' | 'processing' | 'completed' | 'failed'

/** The part that all failures share: facts about the watch that failed. */
export interface Circumstances {
  /**
   * Attempts made, including the first. An attempt that sent nothing also counts: its key was unusable,
   * or had been refused before.
   */
  readonly attempts: number
  /** Milliseconds from the start of the watch. */
  readonly elapsed: number
  /** The last status from the server, or null. */
  readonly lastStatus: StatusWord | null
  /**
   * The id that the server, or the edge network in front of it, gave the request. Quote it to the
   * vendor's support. Absent if no answer had an id.
   */
  readonly requestId?: string | undefined
}

/** An id, the key or a URL is invalid. Nothing was sent. */
export interface InvalidRequest extends Circumstances {
  readonly _tag: 'InvalidRequest'
  readonly which:
    'account' | 'upload' | 'platform' | 'hint' | 'priority' | 'apiKey' | 'baseUrl' | 'pollingUrl'
  /** The reason. Never contains the value itself. */
  readonly why: string
}

/** No answer arrived: DNS, refused, reset, closed early, a broken encoding, TLS. */
export interface Unreachable extends Circumstances {
  readonly _tag: 'Unreachable'
  /** The system's error code, such as `ECONNREFUSED`, or `UNKNOWN` if the platform provides none. */
  readonly code: string
  /**
   * True if the certificate was not accepted and this process has never accepted one of this host, so
   * waiting will not help. If it has accepted one before, this is false and only `code` names the
   * problem.
   */
  readonly tls: boolean
}

/** One attempt timed out; the timeout covers the headers **and** the body. */
export interface TimedOut extends Circumstances {
  readonly _tag: 'TimedOut'
  /** The part that the attempt was waiting for. */
  readonly phase: 'apiKey' | 'headers' | 'body'
  /** Milliseconds. */
  readonly after: number
}

/**
 * A `429`: too many requests. It ends a watch only if the requested wait would exceed the deadline;
 * otherwise the watch waits, and spends no retry.
 */
export interface Throttled extends Circumstances {
  readonly _tag: 'Throttled'
  /** Milliseconds to wait, if the answer named a credible time. */
  readonly retryAfter: number | null
  /** The limit that was reached, if the answer named it. */
  readonly scope: 'minute' | 'day' | null
}

/** `408`, `425`, `5xx`, or an HTML page with any other status, which does not come from the API. */
export interface Unavailable extends Circumstances {
  readonly _tag: 'Unavailable'
  /** The HTTP status. */
  readonly status: number
  /** Milliseconds to wait, if the answer named a credible time. */
  readonly retryAfter: number | null
  /** Whether the answer was an HTML page, for example from the edge network or a proxy. */
  readonly page: boolean
}

/** The API refused the request: any other `4xx`, or a redirect, which is never followed. */
export interface Rejected extends Circumstances {
  readonly _tag: 'Rejected'
  /** The HTTP status; 0 for a redirect whose status a browser hides. */
  readonly status: number
  /** The API's error code, such as `account_not_found`. */
  readonly code: string | null
  /** The API's message, one line of at most 300 characters; for a redirect, the origin of its target. */
  readonly message: string | null
}

/** A `2xx` answer that breaks the contract. */
export interface Malformed extends Circumstances {
  readonly _tag: 'Malformed'
  readonly reason: 'httpStatus' | 'empty' | 'oversized' | 'notJson' | 'tooDeep' | 'shape'
  /** The paths of the problems with the expected type of each. Never the values. */
  readonly problems: ReadonlyArray<{ readonly path: string; readonly expected: string }>
  /** The `status` of the body, if it could be read. */
  readonly status: string | null
}

/** The deadline of the whole watch expired. */
export interface Expired extends Circumstances {
  readonly _tag: 'Expired'
  /** Milliseconds. */
  readonly after: number
  /** The failure of the last completed attempt; null if it succeeded or none completed. */
  readonly lastFailure: Exclude<Failure, Expired> | null
}

/** The `AbortSignal` of the watch was aborted. */
export interface Cancelled extends Circumstances {
  readonly _tag: 'Cancelled'
  /** The reason passed to `abort()`, as text. */
  readonly reason: string
}

/**
 * The reason why a watch could not get the status of an upload. Plain data: safe to log and to send,
 * unchanged by `JSON.parse(JSON.stringify(failure))`, and free of keys, headers, bodies and raw causes.
 *
 * An upload that *failed* is not a `Failure`: `failed` is a status.
 */
export type Failure =
  | InvalidRequest
  | Unreachable
  | TimedOut
  | Throttled
  | Unavailable
  | Rejected
  | Malformed
  | Expired
  | Cancelled

/**
 * The codec of a `Failure` as JSON, to send it to another process. Keeps unknown members.
 * `page` and `lastFailure` may be absent, as in the JSON of version 0.1.
 *
 * @example
 * const decoded = Failure.decode(JSON.parse(JSON.stringify(failure)))
 */
export const Failure: Type<Failure> = failureCodec

const unwatched: Circumstances = { attempts: 0, elapsed: 0, lastStatus: null }

// -- constructors -------------------------------------------------------------------------------

/** An {@link InvalidRequest}, outside of any watch. */
export const invalidRequest = (
  which: InvalidRequest['which'],
  why: InvalidRequest['why'],
): InvalidRequest => ({ _tag: 'InvalidRequest', which, why, ...unwatched })

/** An {@link Unreachable}, outside of any watch. */
export const unreachable = (code: string, tls = false): Unreachable => ({
  _tag: 'Unreachable',
  code,
  tls,
  ...unwatched,
})

/** A {@link TimedOut}, outside of any watch; `after` in milliseconds. */
export const timedOut = (phase: TimedOut['phase'], after: number): TimedOut => ({
  _tag: 'TimedOut',
  phase,
  after,
  ...unwatched,
})

/** A {@link Throttled}, outside of any watch; `retryAfter` in milliseconds. */
export const throttled = (
  retryAfter: Throttled['retryAfter'],
  scope: Throttled['scope'] = null,
): Throttled => ({ _tag: 'Throttled', retryAfter, scope, ...unwatched })

/** An {@link Unavailable}, outside of any watch; `retryAfter` in milliseconds. */
export const unavailable = (
  status: number,
  retryAfter: Unavailable['retryAfter'] = null,
  page = false,
): Unavailable => ({ _tag: 'Unavailable', status, retryAfter, page, ...unwatched })

/** A {@link Rejected}, outside of any watch. */
export const rejected = (
  status: number,
  code: Rejected['code'] = null,
  message: Rejected['message'] = null,
): Rejected => ({ _tag: 'Rejected', status, code, message, ...unwatched })

/** A {@link Malformed}, outside of any watch. */
export const malformed = (
  reason: Malformed['reason'],
  problems: Malformed['problems'] = [],
  status: Malformed['status'] = null,
): Malformed => ({ _tag: 'Malformed', reason, problems, status, ...unwatched })

/** An {@link Expired}, outside of any watch; `after` in milliseconds. */
export const expired = (after: number, lastFailure: Expired['lastFailure'] = null): Expired => ({
  _tag: 'Expired',
  after,
  lastFailure,
  ...unwatched,
})

/** A {@link Cancelled}, outside of any watch. */
export const cancelled = (reason: string): Cancelled => ({
  _tag: 'Cancelled',
  reason,
  ...unwatched,
})
