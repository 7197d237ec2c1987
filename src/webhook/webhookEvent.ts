import type { TerminalStatus } from '../api/status'
import type { UploadRef } from '../api/uploadRef'

/** A delivery was processed: `onStatus` has returned, and the watches were notified. */
export interface DeliveryAccepted extends UploadRef {
  readonly _tag: 'DeliveryAccepted'
  readonly status: TerminalStatus['status']
  /** The vendor's id of the event, from a header that is not signed; null without one. */
  readonly eventId: string | null
}

/** A verified delivery changed nothing. It was answered with 204, so that it is not sent again. */
export interface DeliveryIgnored {
  readonly _tag: 'DeliveryIgnored'
  /**
   * - `otherEvent`: it is of another kind.
   * - `malformed`: it is not what the contract says.
   * - `notAccepted`: `accept` returned false.
   * - `duplicate`: the end of this upload was processed before.
   * - `conflicting`: another end of this upload was processed before.
   */
  readonly reason: 'otherEvent' | 'malformed' | 'notAccepted' | 'duplicate' | 'conflicting'
  /** The upload that it names, if it names one. */
  readonly ref: UploadRef | null
  /** Where it is malformed and what was expected. Never what was there. */
  readonly problems: ReadonlyArray<{ readonly path: string; readonly expected: string }>
  readonly eventId: string | null
}

/** Why a delivery is refused, and the HTTP status that says so. */
export interface Refusals {
  /** Its signature is not that of its bytes under any of the secrets. */
  readonly forged: 401
  /** It has no signature. */
  readonly unsigned: 401
  /** It is no JSON. */
  readonly notJson: 400
  /** Its connection broke. */
  readonly incomplete: 400
  /** It is no POST. */
  readonly method: 405
  /** It has more than `maxBytes`. */
  readonly tooLarge: 413
  /** The host read the body before the webhook could: a mistake in the set-up. */
  readonly bodyRead: 500
  /** The same event is being processed, here or by another process. */
  readonly busy: 503
  /** It took longer than `ackWithin`. */
  readonly late: 503
  /** `secrets` threw, or gave none. */
  readonly secrets: 503
  /** `accept` threw. */
  readonly accept: 503
  /** `store` threw. */
  readonly store: 503
  /** `onStatus` threw. */
  readonly onStatus: 503
}

/** The HTTP status of each refusal. */
export const refusals: Refusals = {
  forged: 401,
  unsigned: 401,
  notJson: 400,
  incomplete: 400,
  method: 405,
  tooLarge: 413,
  bodyRead: 500,
  busy: 503,
  late: 503,
  secrets: 503,
  accept: 503,
  store: 503,
  onStatus: 503,
}

/**
 * A delivery was refused. After 20 refusals in a row the vendor pauses the endpoint, and does not
 * send again what falls into the pause.
 */
export interface DeliveryRefused {
  readonly _tag: 'DeliveryRefused'
  readonly reason: keyof Refusals
  /** The HTTP status of the answer. The vendor sends again what was refused. */
  readonly status: Refusals[keyof Refusals]
  readonly eventId: string | null
}

/** Deliveries can be relied on from now on, or no longer; `alive$` emits the same. */
export interface AliveChanged {
  readonly _tag: 'AliveChanged'
  readonly alive: boolean
  /**
   * - `delivered`: a verified delivery arrived.
   * - `missed`: a poll found an end, and its event did not arrive within `lag`.
   * - `silent`: no delivery arrived for `trustFor`, while uploads were watched.
   */
  readonly reason: 'delivered' | 'missed' | 'silent'
}

/** `store` threw after a delivery was processed or refused. At worst it is processed twice. */
export interface StoreFailed {
  readonly _tag: 'StoreFailed'
  readonly step: 'done' | 'release'
}

/** What becomes of one delivery. */
export type DeliveryEvent = DeliveryAccepted | DeliveryIgnored | DeliveryRefused

/** What happens at a webhook. */
export type WebhookEvent = DeliveryEvent | AliveChanged | StoreFailed
