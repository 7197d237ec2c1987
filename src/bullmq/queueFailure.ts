import { isRecord } from '../api/parseJson'

/** Redis cannot be reached, or did not answer in time. Nothing is lost: call again. */
export interface QueueUnavailable {
  readonly _tag: 'Unavailable'
  /** The system's code, like `ECONNREFUSED`, or `UNKNOWN`. */
  readonly code: string
}

/** Redis, or the queue, does not accept the call: waiting does not help. */
export interface QueueRefused {
  readonly _tag: 'Refused'
  /** The code of Redis, like `WRONGPASS` or `OOM`; `INVALID_REFERENCE` if an id is not legal. */
  readonly code: string
}

/** The queue holds a job that another version of this package wrote. */
export interface QueueIncompatible {
  readonly _tag: 'Incompatible'
  /** The version of the job; null if it has none. */
  readonly found: number | null
  /** The version that this package reads. */
  readonly expected: number
}

/** Why a call to the queue did not succeed. Plain data, free of passwords and addresses. */
export type QueueFailure = QueueUnavailable | QueueRefused | QueueIncompatible

/** A {@link QueueUnavailable}. */
export const unavailable = (code: string): QueueUnavailable => ({ _tag: 'Unavailable', code })

/** A {@link QueueRefused}. */
export const refused = (code: string): QueueRefused => ({ _tag: 'Refused', code })

/** A {@link QueueIncompatible}. */
export const incompatible = (found: number | null, expected: number): QueueIncompatible => ({
  _tag: 'Incompatible',
  found,
  expected,
})

/** Redis starts the message of a refusal with its code. While it loads its data it may be tried again. */
const codeOfReply = (message: unknown): string | null =>
  typeof message === 'string' ? (/^(?:-?ERR )?([A-Z]{2,32}) /.exec(message)?.[1] ?? null) : null

const passing = ['LOADING', 'BUSY', 'TRYAGAIN', 'CLUSTERDOWN', 'MASTERDOWN']

/** Reads what a call of BullMQ threw. The message of an error of Redis may hold the password. */
export const queueFailureOf = (thrown: unknown): QueueFailure => {
  const { code, message } = isRecord(thrown) ? thrown : {}
  const reply = codeOfReply(message)
  if (reply !== null) return passing.includes(reply) ? unavailable(reply) : refused(reply)
  return unavailable(typeof code === 'string' && /^\w{1,32}$/.test(code) ? code : 'UNKNOWN')
}

const advice: { readonly [code: string]: string } = {
  WRONGPASS: 'check user name and password of the connection',
  NOAUTH: 'Redis asks for a password: add it to the connection',
  NOPERM: 'allow the user these commands and keys in the ACL of Redis',
  READONLY: 'connect to the primary, not to a replica',
  OOM: 'Redis is full: raise maxmemory, or shorten retention',
  MISCONF: 'Redis cannot write to its disk: see its log',
  INVALID_REFERENCE: 'an account and an upload are each 1 to 128 letters, digits, _ or -',
}

/**
 * One readable line that says what to do.
 *
 * @example
 * const line = describeQueueFailure({ _tag: 'Unavailable', code: 'ECONNREFUSED' })
 */
export const describeQueueFailure = (failure: QueueFailure): string => {
  switch (failure._tag) {
    case 'Unavailable':
      return `Redis cannot be reached (${failure.code}): start it, or check host and port; then call again`
    case 'Refused':
      return `refused (${failure.code}): ${advice[failure.code] ?? 'see the documentation of Redis on this code'}`
    case 'Incompatible':
      return (
        `the queue holds a job of version ${String(failure.found ?? 'unknown')}, and this package reads ` +
        `version ${String(failure.expected)}: update all producers and workers to the same release`
      )
  }
}
