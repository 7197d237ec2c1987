import type { TerminalStatus } from '../api/status'
import type { UploadRef } from '../api/uploadRef'

/** A delivery was processed: `onStatus` has resolved, and the watches were notified. */
export interface DeliveryAccepted extends UploadRef {
  readonly _tag: 'DeliveryAccepted'
  readonly status: TerminalStatus['status']
  /** The vendor's id of the event, from an unsigned header; null if there is none. */
  readonly eventId: string | null
}

/** A verified delivery had no effect. The response was 204, so that the vendor does not resend it. */
export interface DeliveryIgnored {
  readonly _tag: 'DeliveryIgnored'
  /**
   * - `otherEvent`: the event has another type.
   * - `malformed`: the event breaks the contract.
   * - `notAccepted`: `accept` returned false.
   * - `duplicate`: the end of this upload was already processed.
   * - `conflicting`: a different end of this upload was already processed.
   */
  readonly reason: 'otherEvent' | 'malformed' | 'notAccepted' | 'duplicate' | 'conflicting'
  /** The upload of the event, if it names one. */
  readonly ref: UploadRef | null
  /** The paths of the problems with the expected type of each. Never the values. */
  readonly problems: ReadonlyArray<{ readonly path: string; readonly expected: string }>
  readonly eventId: string | null
}

/** The reasons to refuse a delivery, with the HTTP status of each. */
export interface Refusals {
  /** Its signature matches its bytes with none of the secrets. */
  readonly forged: 401
  /** It has no signature. */
  readonly unsigned: 401
  /** It is not JSON. */
  readonly notJson: 400
  /** Its connection broke. */
  readonly incomplete: 400
  /** It is not a POST. */
  readonly method: 405
  /** It has more than `maxBytes`. */
  readonly tooLarge: 413
  /** The host read the body before the webhook could: a mistake in the setup. */
  readonly bodyRead: 500
  /** The same event is being processed, here or by another process. */
  readonly busy: 503
  /** It took longer than `ackWithin`. */
  readonly late: 503
  /** `secrets` threw or returned none. */
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
 * A delivery was refused. After 20 consecutive refusals the vendor pauses the endpoint, and never
 * resends the events of the pause.
 */
export interface DeliveryRefused {
  readonly _tag: 'DeliveryRefused'
  readonly reason: keyof Refusals
  /** The HTTP status of the response. The vendor resends refused deliveries. */
  readonly status: Refusals[keyof Refusals]
  readonly eventId: string | null
}

/** Deliveries became reliable or unreliable. `alive$` emits the same value. */
export interface AliveChanged {
  readonly _tag: 'AliveChanged'
  readonly alive: boolean
  /**
   * - `delivered`: a verified delivery arrived.
   * - `missed`: a poll found a terminal status, and its event did not arrive within `lag`.
   * - `silent`: no delivery arrived for `trustFor`, while uploads were watched.
   */
  readonly reason: 'delivered' | 'missed' | 'silent'
}

/** `store` threw after a delivery was processed or refused. It may then be processed twice. */
export interface StoreFailed {
  readonly _tag: 'StoreFailed'
  readonly step: 'done' | 'release'
}

/** The event for one delivery. */
export type DeliveryEvent = DeliveryAccepted | DeliveryIgnored | DeliveryRefused

/** An event of a webhook. */
export type WebhookEvent = DeliveryEvent | AliveChanged | StoreFailed
