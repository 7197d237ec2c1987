import { isRecord } from '../api/parseJson'

/** Redis is unavailable or did not answer in time. Nothing is lost: call again. */
export interface QueueUnavailable {
  readonly _tag: 'Unavailable'
  /** The system's error code, such as `ECONNREFUSED`, or `UNKNOWN`. */
  readonly code: string
}

/** Redis or the queue refused the call. Waiting does not help. */
export interface QueueRefused {
  readonly _tag: 'Refused'
  /** The Redis error code, such as `WRONGPASS` or `OOM`; `INVALID_REFERENCE` if an id is invalid. */
  readonly code: string
}

/** The queue contains a job from another version of this package. */
export interface QueueIncompatible {
  readonly _tag: 'Incompatible'
  /** The version of the job; null if it has none. */
  readonly found: number | null
  /** The version that this package reads. */
  readonly expected: number
}

/** The reason why a call to the queue failed. Plain data, free of passwords and addresses. */
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

/** What Redis 7 says of a right that a script lacks. It has no code of its own. */
const scriptLacksRight = /^ERR The user executing the script can't /

/** Reads the code at the start of a Redis error message. Redis 6 puts that of a script at its end. */
const codeOfReply = (message: unknown): string | null => {
  if (typeof message !== 'string') return null
  if (scriptLacksRight.test(message)) return 'NOPERM'
  const reply = message.replace(/^ERR Error running script .*: -/, '')
  return /^(?:-?ERR )?([A-Z]{2,32}) /.exec(reply)?.[1] ?? null
}

const temporary = ['LOADING', 'BUSY', 'TRYAGAIN', 'CLUSTERDOWN', 'MASTERDOWN', 'NOREPLICAS']

/** Whether an error code of Node says that a certificate is not trusted. */
const isCertificate = (code: string): boolean => /CERT|^UNABLE_TO_|TLS/.test(code)

/** Converts an error from BullMQ. Drops the message, because Redis may quote the password in it. */
export const queueFailureOf = (thrown: unknown): QueueFailure => {
  const { code, message } = isRecord(thrown) ? thrown : {}
  const reply = codeOfReply(message)
  if (reply !== null) return temporary.includes(reply) ? unavailable(reply) : refused(reply)
  const known = typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'UNKNOWN'
  return isCertificate(known) ? refused(known) : unavailable(known)
}

const advice: { readonly [code: string]: string } = {
  WRONGPASS: 'check user name and password in the connection options',
  NOAUTH: 'Redis requires a password: add it to the connection options',
  DB: 'Redis has no database of this number: see `databases` in its configuration',
  NOPERM: 'allow these commands and keys for the user in the Redis ACL',
  READONLY: 'connect to the primary, not to a replica',
  CROSSSLOT: 'in a cluster the prefix of the queue needs braces, such as {bull}',
  OOM: 'Redis is out of memory: raise maxmemory or shorten retention',
  MISCONF: 'Redis cannot write to disk: see its log',
  INVALID_REFERENCE: 'an account and an upload are each 1 to 128 letters, digits, _ or -',
}

const adviceOn = (code: string): string =>
  advice[code] ??
  (isCertificate(code)
    ? 'the certificate of Redis is not trusted: give its authority as `tls: { ca }` in the connection options'
    : 'see the Redis documentation for this code')

const closedByRedis =
  'it closes connections: use rediss:// if it has TLS, or raise `maxclients`, or close idle clients'

const remedies: { readonly [code: string]: string } = {
  ECONNREFUSED: 'start it, or check host and port',
  ENOTFOUND: 'check the host name',
  ETIMEDOUT: 'check host, port and firewall, and use redis:// if it has no TLS',
  ECONNRESET: closedByRedis,
  EPIPE: closedByRedis,
}

/**
 * Describes a failure and its remedy in one readable line.
 *
 * @example
 * const line = describeQueueFailure({ _tag: 'Unavailable', code: 'ECONNREFUSED' })
 */
export const describeQueueFailure = (failure: QueueFailure): string => {
  switch (failure._tag) {
    case 'Unavailable':
      return `Redis cannot be reached (${failure.code}): ${remedies[failure.code] ?? 'start it, or check host, port and TLS'}; then call again`
    case 'Refused':
      return `refused (${failure.code}): ${adviceOn(failure.code)}`
    case 'Incompatible':
      return (
        `the queue holds a job of version ${String(failure.found ?? 'unknown')}, and this package reads ` +
        `version ${String(failure.expected)}: update all producers and workers to the same release`
      )
  }
}
