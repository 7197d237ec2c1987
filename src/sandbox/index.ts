export { startSandbox } from './startSandbox'
export type { Sandbox, ScriptedUpload } from './sandbox'
export { sandboxAccount, sandboxApiKey, type SandboxOptions } from './options'
export type { Durations } from './timeline'
export type { SandboxCounts, SandboxEvent, SandboxRequest } from './journal'
export type { Endpoint, PathTemplate } from './route'

export { delayed, times, type Scenario, type ScriptedAnswer, type Staging } from './scenario'
export { parseScenario } from './parseScenario'
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
  type FailedAnswer,
  type HtmlAnswer,
  type JsonAnswer,
  type PendingAnswer,
  type ProcessingAnswer,
  type ReplyAnswer,
  type WholeAnswer,
} from './wholeAnswer'
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
} from './fault'
