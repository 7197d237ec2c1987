import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import type { Malformed } from '../failure/failure'
import { decodeStatus } from './decode'
import { isRecord } from './parseJson'
import { isFanslyId } from './platformApi'
import { isTerminal, type TerminalStatus } from './status'
import { isIdentifier, type UploadRef } from './uploadRef'

// The format of the vendor's webhooks. The sandbox sends the same format.

/** Returns the value of a header. Names are lower case. */
type Header = (name: string) => string | null

/** The signature of a delivery: the HMAC-SHA256 of its bytes, in hex. */
export const signatureOf = (header: Header): string | null => header('signature')

/**
 * The vendor's id of an event, the same for each delivery of it. It is not signed, so use it only for
 * display.
 */
export const eventIdOf = (header: Header): string | null => {
  const id = header('x-ofapi-idempotency-key')
  return id !== null && /^evt_[\da-f]{40}$/i.test(id) ? id : null
}

/** Whether the vendor sends events for this upload: for OnlyFans, but not for Fansly. */
export const sendsEvents = ({ upload }: UploadRef): boolean => !isFanslyId(upload)

/** The terminal status of an upload, read from an event. */
export interface EndEvent extends UploadRef {
  readonly status: TerminalStatus
}

/** The reason why an event has no terminal status. */
export interface NoEnd {
  /** `otherEvent`: the event has another type. `malformed`: the event breaks the contract. */
  readonly reason: 'otherEvent' | 'malformed'
  /** The upload of the event, if it names one. */
  readonly ref: UploadRef | null
  /** The paths of the problems with the expected type of each. Never the values. */
  readonly problems: Malformed['problems']
}

/** The terminal status that each type of event reports. */
const statusOf: ReadonlyMap<unknown, TerminalStatus['status']> = new Map([
  ['media_uploads.completed', 'completed'],
  ['media_uploads.failed', 'failed'],
])

const malformed = (problems: NoEnd['problems'], ref: UploadRef | null = null) =>
  E.left<NoEnd>({ reason: 'malformed', ref, problems })

/** Reads an event from the parsed JSON of a delivery. Accepts both spellings of the payload. */
export const readEvent = (json: unknown): Either<NoEnd, EndEvent> => {
  if (!isRecord(json) || typeof json['event'] !== 'string')
    return malformed([{ path: 'event', expected: 'string' }])
  const expected = statusOf.get(json['event'])
  if (expected === undefined) return E.left({ reason: 'otherEvent', ref: null, problems: [] })
  const payload = isRecord(json['payload']) ? json['payload'] : {}
  const account = json['account_id'] ?? payload['account_id']
  const upload = payload['prefixed_id'] ?? payload['id']
  if (!isIdentifier(account)) return malformed([{ path: 'account_id', expected: 'an identifier' }])
  if (!isIdentifier(upload)) return malformed([{ path: 'payload.id', expected: 'an identifier' }])
  const ref = { account, upload }
  const status = payload['status'] ?? expected
  // Some payloads have only the identity of the media.
  const media = expected === 'completed' && { media: payload['media'] ?? {} }
  const decoded = decodeStatus(upload, { ...payload, prefixed_id: upload, status, ...media })
  if (E.isLeft(decoded)) return malformed(decoded.left.problems, ref)
  // If the event and its payload contradict each other, a poll decides.
  return isTerminal(decoded.right) && decoded.right.status === expected
    ? E.right({ ...ref, status: decoded.right })
    : malformed([{ path: 'payload.status', expected }], ref)
}
