import type { Either } from 'fp-ts/Either'
import type { Happening } from './event'
import type { Failure } from './failure'
import type {
  CompletedUpload,
  FailedUpload,
  PendingUpload,
  ProcessingUpload,
  UploadStatus,
} from './uploadStatus'

/** What goes on in a watch, as far as its source tells; both are false after its end. */
interface Activity {
  /** Whether a request for the status runs at this moment. */
  readonly isPolling: boolean
  /** Whether the watch stands still, for instance because the page is hidden or offline. */
  readonly isPaused: boolean
}

/** Nothing is known yet. */
export interface WaitingView extends Activity {
  readonly phase: 'waiting'
  readonly status: null
  readonly failure: null
  readonly since: null
}

/** The server gave a status, and the phase is its name. */
export interface StatusView<Status extends UploadStatus> extends Activity {
  readonly phase: Status['status']
  readonly status: Status
  readonly failure: null
  /** When the phase began, on the clock of whoever folds: in the hooks, milliseconds since 1970. */
  readonly since: number
}

/** The status could not be learned. */
export interface UnknownView extends Activity {
  readonly phase: 'unknown'
  /** The last status that the server gave, if it gave one. */
  readonly status: UploadStatus | null
  readonly failure: Failure
  /** When the watch ended, on the clock of whoever folds. */
  readonly since: number
}

/** All that a page shows of an upload, told apart by `phase`. */
export type UploadView =
  | WaitingView
  | StatusView<PendingUpload>
  | StatusView<ProcessingUpload>
  | StatusView<CompletedUpload>
  | StatusView<FailedUpload>
  | UnknownView

/** Before anything was learned: where the fold starts. */
export const waitingView: WaitingView = {
  phase: 'waiting',
  status: null,
  failure: null,
  since: null,
  isPolling: false,
  isPaused: false,
}

/** Whether nothing will change it any more. */
export const isSettled = ({ phase }: UploadView): boolean =>
  phase === 'completed' || phase === 'failed' || phase === 'unknown'

const withActivity = (view: UploadView, isPolling: boolean, isPaused: boolean): UploadView =>
  view.isPolling === isPolling && view.isPaused === isPaused
    ? view
    : { ...view, isPolling, isPaused }

const withStatus = (view: UploadView, status: UploadStatus, at: number): UploadView => {
  if (view.status === status) return view
  const { isPolling, isPaused } = view
  const since = view.phase === status.status ? view.since : at
  const seen = <Status extends UploadStatus>(it: Status, goesOn: boolean): StatusView<Status> => ({
    phase: it.status,
    status: it,
    failure: null,
    since,
    isPolling: goesOn && isPolling,
    isPaused: goesOn && isPaused,
  })
  switch (status.status) {
    case 'pending':
      return seen(status, true)
    case 'processing':
      return seen(status, true)
    case 'completed':
      return seen(status, false)
    case 'failed':
      return seen(status, false)
  }
}

/**
 * What a page shows of an upload after something more was learned of it: a value of its watch, or
 * an event. Pure; a view that stays as it was is the same object.
 *
 * ```
 * values   Right(pending)  Right(processing)  Right(completed)
 * phase    waiting  pending  processing       completed
 * ```
 *
 * - `since` moves with `phase` alone. `isPolling` and `isPaused` come from events: without any they
 *   stay false.
 * - After the end, a terminal status or a failure, nothing changes.
 *
 * @param at when it was learned, on any clock; it becomes `since`
 *
 * @example
 * const view$ = uploadStatus$('acct_1', 'ofapi_media_1').pipe(
 *   scan((view: UploadView, value) => uploadView(view, value, Date.now()), waitingView),
 * )
 */
export const uploadView = (
  view: UploadView,
  news: Either<Failure, UploadStatus> | Happening,
  at: number,
): UploadView => {
  if (isSettled(view)) return view
  const { isPaused, status } = view
  switch (news._tag) {
    case 'Right':
      return withStatus(view, news.right, at)
    case 'Left':
      return {
        phase: 'unknown',
        status,
        failure: news.left,
        since: at,
        isPolling: false,
        isPaused: false,
      }
    case 'Settled':
      return uploadView(view, news.value, at)
    case 'AttemptStarted':
      return withActivity(view, true, false)
    case 'AttemptFailed':
      return withActivity(view, false, isPaused)
    case 'StatusReceived':
      return news.via === 'poll' ? withActivity(view, false, isPaused) : view
    case 'Paused':
      return withActivity(view, false, true)
    case 'Resumed':
      return withActivity(view, false, false)
    case 'RetryScheduled':
    case 'PollScheduled':
    case 'StatusRegressed':
    case 'SourceFailed':
      return view
  }
}
