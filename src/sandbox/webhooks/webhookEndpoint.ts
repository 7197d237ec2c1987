import type { JsonObject } from '../platform/imitatedPlatform'
import type { EventName } from './eventBody'

/** Where events are sent. */
export interface WebhookEndpoint {
  readonly id: string
  readonly url: string
  /** Null: deliveries are not signed. */
  readonly secret: string | null
  readonly events: readonly EventName[]
  /** Failed attempts in a row. */
  readonly failures: number
  /** Nothing is sent to a paused endpoint, now or later. */
  readonly isPaused: boolean
}

/** Failed attempts in a row after which an endpoint is paused. */
const mostFailures = 20

/** The endpoint after an attempt. */
export const afterAttempt = (endpoint: WebhookEndpoint, isDelivered: boolean): WebhookEndpoint => {
  const failures = isDelivered ? 0 : endpoint.failures + 1
  return { ...endpoint, failures, isPaused: endpoint.isPaused || failures >= mostFailures }
}

/** What the API shows of an endpoint. Never its secret. */
export const shownEndpoint = (endpoint: WebhookEndpoint): JsonObject => ({
  id: endpoint.id,
  endpoint_url: endpoint.url,
  events: endpoint.events,
  has_signing_secret: endpoint.secret !== null,
  enabled: !endpoint.isPaused,
  consecutive_failures: endpoint.failures,
})
