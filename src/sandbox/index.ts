/**
 * A local imitation of the API.
 *
 * @module rx-upload-status/sandbox
 */

export { startSandbox, type Sandbox } from './startSandbox'
export type { ScriptedUpload } from './scriptUpload'
export {
  sandboxAccount,
  sandboxApiKey,
  type SandboxOptions,
  type SandboxRateLimit,
} from './sandboxOptions'
export type { Durations } from './timeline'
export type { SandboxCounts, SandboxEvent, SandboxRequest } from './journal'
export type { PathTemplate, WebhookPath } from './platform/imitatedPlatform'
export type { SandboxDelivery } from './webhooks/delivery'
export type { EventName } from './webhooks/eventBody'
export type { SandboxWebhooks } from './webhooks/deliveryOptions'
export {
  beforeAccepted,
  conflicting,
  drop,
  duplicate,
  forged,
  outOfOrder,
  send,
  spelled,
  unsigned,
  type BeforeAcceptedPush,
  type ConflictingPush,
  type DropPush,
  type DuplicatePush,
  type ForgedPush,
  type OutOfOrderPush,
  type PushPlan,
  type PushStaging,
  type ScriptedPush,
  type SendPush,
  type Spelling,
  type UnsignedPush,
} from './webhooks/plan'

export {
  delayed,
  times,
  type Scenario,
  type ScriptedAnswer,
  type Staging,
} from './scenario/scenario'
export { parseScenario } from './scenario/parseScenario'
export {
  apiError,
  completed,
  failed,
  html,
  json,
  pending,
  processing,
  reply,
  type ApiErrorAnswer,
  type CompletedAnswer,
  type Endpoint,
  type FailedAnswer,
  type HtmlAnswer,
  type JsonAnswer,
  type PendingAnswer,
  type ProcessingAnswer,
  type ReplyAnswer,
  type WholeAnswer,
} from './scenario/answers'
export {
  cut,
  reset,
  silent,
  trickle,
  wire,
  type CutFault,
  type Fault,
  type ResetFault,
  type SilentFault,
  type TrickleFault,
  type WireFault,
} from './scenario/faults'
