import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import type { Malformed } from '../failure/failure'
import { decodeStatus } from './decode'
import { isRecord } from './parseJson'
import { isFanslyId } from './platformApi'
import { isTerminal, type TerminalStatus } from './status'
import { isIdentifier, type UploadRef } from './uploadRef'

// What the vendor's webhooks look like. The sandbox sends the same.

/** Gives the value of a header, by its name in lower case. */
type Header = (name: string) => string | null

/** The signature of a delivery: the HMAC-SHA256 of its bytes in hex. */
export const signatureOf = (header: Header): string | null => header('signature')

/**
 * The vendor's id of an event, the same each time that it is sent. It is not signed, so it may only
 * be shown.
 */
export const eventIdOf = (header: Header): string | null => {
  const id = header('x-ofapi-idempotency-key')
  return id !== null && /^evt_[\da-f]{40}$/i.test(id) ? id : null
}

/** Whether the vendor sends events of this upload: it does for OnlyFans, and not for Fansly. */
export const sendsEvents = ({ upload }: UploadRef): boolean => !isFanslyId(upload)

/** The end of an upload, as an event tells it. */
export interface EndEvent extends UploadRef {
  readonly status: TerminalStatus
}

/** Why an event tells no end of an upload. */
export interface NoEnd {
  /** `otherEvent`: it is of another kind. `malformed`: it is not what the contract says. */
  readonly reason: 'otherEvent' | 'malformed'
  /** The upload that it names, if it names one. */
  readonly ref: UploadRef | null
  /** Where it is malformed and what was expected. Never what was there. */
  readonly problems: Malformed['problems']
}

/** The status of which each event tells. */
const statusOf: ReadonlyMap<unknown, TerminalStatus['status']> = new Map([
  ['media_uploads.completed', 'completed'],
  ['media_uploads.failed', 'failed'],
])

const malformed = (problems: NoEnd['problems'], ref: UploadRef | null = null) =>
  E.left<NoEnd>({ reason: 'malformed', ref, problems })

/** Reads the parsed JSON of a delivery. Both spellings of the payload are accepted. */
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
  // Some payloads have the identity of the media alone.
  const media = expected === 'completed' && { media: payload['media'] ?? {} }
  const decoded = decodeStatus(upload, { ...payload, prefixed_id: upload, status, ...media })
  if (E.isLeft(decoded)) return malformed(decoded.left.problems, ref)
  // The event and its payload contradict each other: a poll will tell.
  return isTerminal(decoded.right) && decoded.right.status === expected
    ? E.right({ ...ref, status: decoded.right })
    : malformed([{ path: 'payload.status', expected }], ref)
}
