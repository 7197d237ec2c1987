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
export { nodeListener, type NodeListener, type NodeResponse } from '../listener/nodeListener'
export type { NodeBody } from '../listener/nodeBody'
export type { NodeRequest } from '../listener/nodeRequest'
export type { NodeConnection } from '../listener/turns'
