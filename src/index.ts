// Watching
export { uploadStatus$ } from './uploadStatus'
export { fetchStatus$, type AttemptOptions } from './fetchStatus'
export { uploadStatuses$, type WatchManyOptions } from './uploadStatuses'
export { uploadOutcome } from './uploadOutcome'
export { createUploadStatusClient, type ClientOptions, type UploadStatusClient } from './client'
export type { WatchOptions } from './options'
export type { FollowOptions, UploadStatusSource } from './uploadStatusSource'

// Statuses
export {
  CompletedUpload,
  FailedUpload,
  isTerminal,
  PendingUpload,
  ProcessingUpload,
  TerminalStatus,
  UploadStatus,
} from './model/uploadStatus'
export {
  CdnMedia,
  isCdnMedia,
  isVaultMedia,
  VaultMedia,
  type MediaFile,
  type MediaPreview,
} from './model/media'

// Uploads
export { isIdentifier, type UploadRef } from './model/identifier'
export type { ExpectedUpload } from './pipeline/running'
export type { TrackedStatus } from './model/trackedStatus'
export { parsePollingUrl } from './model/endpoint'

// Views
export {
  uploadView,
  waitingView,
  type StatusView,
  type UnknownView,
  type UploadView,
  type ViewActivity,
  type WaitingView,
} from './model/uploadView'
export { uploadView$ } from './uploadView'
export { uploadViews$ } from './uploadViews'
export type { WallClock } from './viewsAfter'
export { uploadViews, viewIn, type TrackedView, type UploadViews } from './model/uploadViews'

// Failures
export {
  cancelled,
  expired,
  Failure,
  invalidRequest,
  isTransient,
  malformed,
  match,
  rejected,
  throttled,
  timedOut,
  unavailable,
  unreachable,
  type Cancelled,
  type Circumstances,
  type Expired,
  type InvalidRequest,
  type Malformed,
  type Rejected,
  type Throttled,
  type TimedOut,
  type Unavailable,
  type Unreachable,
} from './model/failure'
export { describe } from './model/describe'
export { failureToError, orThrow, UploadStatusError } from './pipeline/uploadStatusError'

// Events
export type {
  AttemptFailed,
  AttemptStarted,
  Happening,
  Paused,
  PollScheduled,
  PushIgnored,
  Resumed,
  RetryScheduled,
  Settled,
  SourceFailed,
  StatusReceived,
  StatusRegressed,
  WatchEvent,
} from './model/event'

// Operators
export { outcome } from './pipeline/outcome'
export { failures, statuses } from './pipeline/separate'
export { summarize, type Summary } from './pipeline/summarize'
export { retryTransient } from './pipeline/retryTransient'
export { repeatOnSchedule, type StageOptions } from './pipeline/repeatOnSchedule'
export { untilTerminal } from './pipeline/untilTerminal'
export { outcomes, type TrackedOutcome } from './pipeline/outcomes'
export { matchStatus, type StatusCases } from './pipeline/matchStatus'
export type { RetryPolicy } from './pipeline/retry'

// Schedules
export {
  exponential,
  jittered,
  proportional,
  spaced,
  type Progress,
  type Schedule,
} from './pipeline/schedule'

// Budget
export {
  requestBudget,
  type BudgetEvent,
  type BudgetLoad,
  type BudgetOptions,
  type RequestBudget,
} from './pipeline/budget'

// What options are made of
export type { Answer } from './pipeline/answer'
export type { ApiKey } from './pipeline/apiKey'
export type { Clock } from './pipeline/clock'
export type { PushedStatus, PushSource } from './pipeline/push'
export type { RequestHeaders } from './headers'
export type { Fetch, FetchInit, FetchResponse } from './pipeline/fetch'
