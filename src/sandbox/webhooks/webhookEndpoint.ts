import type { JsonObject } from '../platform/imitatedPlatform'
import type { EventName } from './eventBody'

/** A destination of events. */
export interface WebhookEndpoint {
  readonly id: string
  readonly url: string
  /** The signing secret; null sends deliveries unsigned. */
  readonly secret: string | null
  readonly events: readonly EventName[]
  /** Consecutive failed attempts. */
  readonly failures: number
  /** Whether it is paused. Events during a pause are never sent. */
  readonly isPaused: boolean
}

/** Consecutive failed attempts after which an endpoint is paused. */
const maxFailures = 20

/** Returns the endpoint after an attempt. */
export const afterAttempt = (endpoint: WebhookEndpoint, isDelivered: boolean): WebhookEndpoint => {
  const failures = isDelivered ? 0 : endpoint.failures + 1
  return { ...endpoint, failures, isPaused: endpoint.isPaused || failures >= maxFailures }
}

/** Returns an endpoint as the API shows it, without its secret. */
export const shownEndpoint = (endpoint: WebhookEndpoint): JsonObject => ({
  id: endpoint.id,
  endpoint_url: endpoint.url,
  events: endpoint.events,
  has_signing_secret: endpoint.secret !== null,
  enabled: !endpoint.isPaused,
  consecutive_failures: endpoint.failures,
})
