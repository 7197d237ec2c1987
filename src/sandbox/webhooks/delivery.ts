import { createHmac } from 'node:crypto'
import type { UploadRef } from '../../api/uploadRef'
import type { JsonObject } from '../platform/imitatedPlatform'
import type { EventName } from './eventBody'

/** An attempt to deliver an event, without its body, its headers and the secret. */
export interface SandboxDelivery extends UploadRef {
  readonly kind: 'delivery'
  /** The id of the delivery, the same for all its attempts. */
  readonly id: string
  /** The id of the webhook that it was sent to. */
  readonly webhook: string
  readonly event: EventName
  /** The id of the event, the same for duplicates and redeliveries. */
  readonly eventId: string
  /** `stranger` sends forged and unsigned events. */
  readonly sender: 'vendor' | 'stranger'
  /** The number of the attempt, from 1. */
  readonly attempt: number
  /** The HTTP status of the answer; null if there was none. */
  readonly status: number | null
  /** Milliseconds of the sandbox's `clock` when the attempt ended. */
  readonly at: number
}

/** An event on its way to an endpoint. */
export interface EventDelivery extends UploadRef {
  readonly id: string
  readonly webhook: string
  readonly event: EventName
  readonly eventId: string
  readonly body: string
  readonly sender: 'vendor' | 'stranger'
  readonly isSigned: boolean
  /** The delivery that it repeats, if it was requested through the API. */
  readonly redeliveryOf: string | null
}

/** Milliseconds from a failed attempt to the next one. */
const waits = [10_000, 100_000]

export const isDelivered = (status: number | null): boolean =>
  status !== null && status >= 200 && status < 300

/** Returns the ms until the next attempt; null after the last one, and after 404 and 410. */
export const retryAfter = (attempt: number, status: number | null): number | null =>
  isDelivered(status) || status === 404 || status === 410 ? null : (waits[attempt - 1] ?? null)

/** Returns the headers of an attempt, signed with the current secret of the endpoint. */
export const headersOf = (
  { body, eventId, redeliveryOf, sender, isSigned }: EventDelivery,
  secret: string | null,
): Readonly<Record<string, string>> => {
  const key = sender === 'vendor' ? secret : isSigned ? 'the secret of somebody else' : null
  return {
    'content-type': 'application/json',
    'user-agent': 'OnlyFansAPI.com/Webhook-Client',
    'x-ofapi-idempotency-key': eventId,
    ...(key !== null && { signature: createHmac('sha256', key).update(body).digest('hex') }),
    ...(redeliveryOf !== null && { 'x-ofapi-redelivery-of': redeliveryOf }),
  }
}

/** Returns an attempt as the API shows it. */
export const shownAttempt = (attempt: SandboxDelivery): JsonObject => ({
  delivery_uuid: attempt.id,
  event: attempt.event,
  account_id: attempt.account,
  idempotency_key: attempt.eventId,
  attempt: attempt.attempt,
  response_status: attempt.status,
  successful: isDelivered(attempt.status),
})
