import type { Failure } from './failure'
import { goesOn, type News } from './goesOn'
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

/** The statuses by their names. */
interface Statuses {
  readonly pending: PendingUpload
  readonly processing: ProcessingUpload
  readonly completed: CompletedUpload
  readonly failed: FailedUpload
}

interface SeenView<Phase extends keyof Statuses> extends Activity {
  readonly phase: Phase
  readonly status: Statuses[Phase]
  readonly failure: null
  /** When the phase began, on the clock of whoever folds: in the hooks, milliseconds since 1970. */
  readonly since: number
}

/** The server gave a status, and the phase is its name. */
export type StatusView<Phase extends keyof Statuses = keyof Statuses> = {
  [Each in Phase]: SeenView<Each>
}[Phase]

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
export type UploadView = WaitingView | StatusView | UnknownView

/** Before anything was learned: where the fold starts. */
export const waitingView: WaitingView = {
  phase: 'waiting',
  status: null,
  failure: null,
  since: null,
  isPolling: false,
  isPaused: false,
}

type SettledView = StatusView<'completed' | 'failed'> | UnknownView

/** Whether nothing will change it any more. */
export const isSettled = (view: UploadView): view is SettledView =>
  view.phase === 'completed' || view.phase === 'failed' || view.phase === 'unknown'

/** The same view, where of what goes on something else is known. */
export const withActivity = <View extends UploadView>(
  view: View,
  isPolling = false,
  isPaused = false,
): View =>
  view.isPolling === isPolling && view.isPaused === isPaused
    ? view
    : { ...view, isPolling, isPaused }

/** For each phase the status that has its name, so that the compiler sees that they go together. */
type Named<Phase extends keyof Statuses> = {
  [Each in Phase]: Statuses[Each] & { readonly status: Each }
}[Phase]

const withStatus = <Phase extends keyof Statuses>(
  view: Exclude<UploadView, SettledView>,
  status: Named<Phase>,
  at: number,
): StatusView<Phase> => ({
  ...view,
  phase: status.status,
  status,
  since: view.phase === status.status ? view.since : at,
})

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
export const uploadView = (view: UploadView, news: News, at: number): UploadView => {
  const { _tag } = news
  if (isSettled(view) || (_tag === 'Right' && news.right === view.status)) return view
  const next: UploadView =
    _tag === 'Right'
      ? withStatus<keyof Statuses>(view, news.right, at)
      : _tag === 'Left'
        ? { ...view, phase: 'unknown', failure: news.left, since: at }
        : view
  return goesOn(news) && !isSettled(next)
    ? next
    : withActivity(next, _tag === 'AttemptStarted', _tag === 'Paused')
}
