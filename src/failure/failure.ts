import type { Type } from 'io-ts'
import { failureCodec } from './failureCodec'

/** The four words of a status. */
export type StatusWord = 'pending' | 'processing' | 'completed' | 'failed'

/** What every failure says about the watch that it ended. */
export interface Circumstances {
  /**
   * Attempts made, including the first. An attempt that was skipped because its key had been
   * refused counts too.
   */
  readonly attempts: number
  /** Milliseconds from the start of the watch. */
  readonly elapsed: number
  /** The last status that the server gave, if it gave one. */
  readonly lastStatus: StatusWord | null
  /**
   * What the server, or the edge network before it, calls the request, where an answer said so: for
   * the vendor's support. Absent where there was no answer, or none with an id.
   */
  readonly requestId?: string | undefined
}

/** An id, the key or a URL that must not be sent; nothing was sent. */
export interface InvalidRequest extends Circumstances {
  readonly _tag: 'InvalidRequest'
  readonly which:
    'account' | 'upload' | 'platform' | 'hint' | 'priority' | 'apiKey' | 'baseUrl' | 'pollingUrl'
  /** What is wrong with it. Never the value itself. */
  readonly why: string
}

/** No answer came: DNS, refused, reset, closed early, a broken encoding, TLS. */
export interface Unreachable extends Circumstances {
  readonly _tag: 'Unreachable'
  /** The system's code, like `ECONNREFUSED`, or `UNKNOWN` where the platform gives none. */
  readonly code: string
  /**
   * The certificate was not accepted, and no certificate of this host has been accepted in this
   * process: waiting will not help. If one has, this is false, and only the code names the
   * certificate.
   */
  readonly tls: boolean
}

/** One attempt took too long, counting its headers **and** its body. */
export interface TimedOut extends Circumstances {
  readonly _tag: 'TimedOut'
  /** What the attempt was waiting for. */
  readonly phase: 'apiKey' | 'headers' | 'body'
  /** Milliseconds. */
  readonly after: number
}

/** `429`, and the wait that it asks for would outlast the deadline. */
export interface Throttled extends Circumstances {
  readonly _tag: 'Throttled'
  /** Milliseconds, where the answer named a time that can be believed. */
  readonly retryAfter: number | null
  /** The limit that was reached, where the answer said so. */
  readonly scope: 'minute' | 'day' | null
}

/** `408`, `425`, `5xx`, or a page with any other status: it does not come from the API. */
export interface Unavailable extends Circumstances {
  readonly _tag: 'Unavailable'
  /** The HTTP status. */
  readonly status: number
  /** Milliseconds, where the answer named a time that can be believed. */
  readonly retryAfter: number | null
  /** The answer was an HTML page, for instance of the edge network or of a proxy. */
  readonly page: boolean
}

/** The API refused the request: any other `4xx`, or a redirect, which is never followed. */
export interface Rejected extends Circumstances {
  readonly _tag: 'Rejected'
  /** The HTTP status; 0 where a browser hides that of a redirect. */
  readonly status: number
  /** The API's own code, like `account_not_found`. */
  readonly code: string | null
  /** The API's sentence, on one line of at most 300 characters; for a redirect, the origin of its target. */
  readonly message: string | null
}

/** `2xx`, but not what the contract says. */
export interface Malformed extends Circumstances {
  readonly _tag: 'Malformed'
  readonly reason: 'httpStatus' | 'empty' | 'oversized' | 'notJson' | 'tooDeep' | 'shape'
  /** Paths and what was expected there. Never the values. */
  readonly problems: ReadonlyArray<{ readonly path: string; readonly expected: string }>
  /** The body's `status`, if it could be read. */
  readonly status: string | null
}

/** The deadline of the whole watch passed. */
export interface Expired extends Circumstances {
  readonly _tag: 'Expired'
  /** Milliseconds. */
  readonly after: number
  /** The failure of the last attempt that ended; null if that one succeeded, or none ended. */
  readonly lastFailure: Exclude<Failure, Expired> | null
}

/** The `AbortSignal` that was handed in was aborted. */
export interface Cancelled extends Circumstances {
  readonly _tag: 'Cancelled'
  /** The reason given to `abort()`, as text. */
  readonly reason: string
}

/**
 * Why the status of an upload could not be learned. Plain data: safe to log and to send, the same
 * after `JSON.parse(JSON.stringify(failure))`, and free of keys, headers, bodies and raw causes.
 *
 * An upload that *failed* is not one of them: that is a status.
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
 * Codec of the JSON form of a `Failure`, for sending it to another process; unknown members are
 * kept.
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
