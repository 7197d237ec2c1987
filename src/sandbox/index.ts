export { startSandbox, type Sandbox, type ScriptedUpload } from './startSandbox'
export {
  sandboxAccount,
  sandboxApiKey,
  type SandboxOptions,
  type SandboxRateLimit,
} from './sandboxOptions'
export type { Durations } from './timeline'
export type { SandboxCounts, SandboxEvent, SandboxRequest } from './journal'
export type { PathTemplate } from './platform/imitatedPlatform'

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
