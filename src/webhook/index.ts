/**
 * Receives the vendor's webhooks.
 *
 * @module rx-upload-status/webhook
 */

export { createWebhook, type Webhook, type WholePushSource } from './createWebhook'
export type { WebhookOptions } from './webhookOptions'
export type { DedupStore } from './dedupStore'
export type {
  AliveChanged,
  DeliveryAccepted,
  DeliveryEvent,
  DeliveryIgnored,
  DeliveryRefused,
  Refusals,
  StoreFailed,
  WebhookEvent,
} from './webhookEvent'
export { nodeListener, type NodeListener, type NodeResponse } from '../relay/nodeListener'
export type { NodeBody } from '../relay/nodeBody'
export type { NodeRequest } from '../relay/nodeRequest'
export type { NodeConnection } from '../relay/turns'
