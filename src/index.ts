/**
 * Watches uploads: streams, stages, schedules, budgets, views and failures.
 *
 * @module rx-upload-status
 */

// Watching
export { uploadStatus$ } from './uploadStatus'
export { fetchStatus$, type AttemptOptions } from './fetchStatus'
export { uploadStatuses$, type WatchManyOptions } from './uploadStatuses'
export { uploadOutcome } from './uploadOutcome'
export { uploadOutcomes } from './uploadOutcomes'
export { createUploadStatusClient, type ClientOptions, type UploadStatusClient } from './client'
export type { ClientSnapshot } from './clientSnapshot'
export type { WatchOptions } from './options'
export type { FollowOptions, UploadStatusSource } from './source'

// Statuses
export {
  CompletedUpload,
  FailedUpload,
  isTerminal,
  PendingUpload,
  ProcessingUpload,
  TerminalStatus,
  type AnyStatus,
  type TerminalIn,
  type TerminalOf,
  UploadStatus,
} from './api/status'
export {
  CdnMedia,
  isCdnMedia,
  isVaultMedia,
  VaultMedia,
  type MediaFile,
  type MediaPreview,
} from './api/media'
export { FanslyMedia, isFanslyMedia } from './api/fanslyMedia'
export { FanslyUploadStatus, type CompletedFanslyUpload } from './api/fansly'
export type { FanslyId, PlatformName } from './api/platformApi'
export { mediaId, type UploadStatusOf } from './api/platforms'

// Uploads
export {
  isIdentifier,
  type UploadRef,
  type TrackedStatus,
  type ExpectedFanslyUpload,
  type ExpectedUpload,
  type RemovedUpload,
  type UploadEntry,
  type FanslyRef,
} from './api/uploadRef'
export { parsePollingUrl } from './api/endpoint'
export { parseStarted, type Accepted, type Finished } from './api/parseStarted'

// Views
export {
  uploadView,
  waitingView,
  type StatusView,
  type UnknownView,
  type UploadView,
  type ViewActivity,
  type WaitingView,
} from './view/uploadView'
export { uploadViews, viewIn, type TrackedView, type UploadViews } from './view/uploadViews'

// Failures
export {
  cancelled,
  expired,
  Failure,
  invalidRequest,
  malformed,
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
  type StatusWord,
  type Throttled,
  type TimedOut,
  type Unavailable,
  type Unreachable,
} from './failure/failure'
export {
  describe,
  describeFailure,
  isTransient,
  match,
  matchFailure,
  type FailureCases,
} from './failure/match'
export { failureToError, orThrow, UploadStatusError } from './operators/uploadStatusError'

// Events
export type {
  AttemptFailed,
  AttemptStarted,
  CreditsReported,
  Happening,
  Paused,
  PollScheduled,
  PushIgnored,
  Resumed,
  RetryScheduled,
  Settled,
  SourceFailed,
  Stalled,
  StatusReceived,
  StatusRegressed,
  StatusUnknown,
  Stopped,
  WatchEvent,
} from './watch/event'

// Operators
export { outcome } from './operators/outcome'
export { failures, statuses } from './operators/separate'
export { summarize, type Summary } from './operators/summarize'
export { retryTransient } from './operators/retryTransient'
export { repeatOnSchedule } from './operators/repeatOnSchedule'
export type { StageOptions } from './operators/stageOptions'
export { untilTerminal } from './operators/untilTerminal'
export { outcomes, type TrackedOutcome } from './operators/outcomes'
export { matchStatus, type StatusCases } from './api/matchStatus'
export type { RetryPolicy } from './watch/retry'

// Schedules
export {
  exponential,
  jittered,
  proportional,
  spaced,
  type Progress,
  type Schedule,
} from './watch/schedule'

// Budget
export { requestBudget, type RequestBudget } from './budget/requestBudget'
export type { BudgetOptions } from './budget/budgetOptions'
export type { PolledUpload } from './budget/polledUpload'
export type { BudgetEvent, BudgetLoad } from './budget/saturation'

// What options are made of
export type { Answer } from './api/answer'
export type { ApiKey } from './http/apiKey'
export type { Clock } from './runtime/clock'
export type { PushedStatus, PushSource } from './watch/push'
export type { RequestHeaders } from './http/headers'
export type { Fetch, FetchInit, FetchResponse } from './http/fetch'
export { uploadView$, uploadViews$, type WallClock } from './view/viewStreams'
