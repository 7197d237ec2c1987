import type { Either } from 'fp-ts/Either'
import type { AnyStatus, UploadStatus } from '../api/status'
import type { Failure } from '../failure/failure'
import { isTransient } from '../failure/match'
import { type Happening, keepsActivity } from '../watch/event'

/** The activity of a watch, as far as its source reports it. Both flags are false after its end. */
export interface ViewActivity {
  /** Whether a request for the status is running now. */
  readonly isPolling: boolean
  /** Whether the watch is paused, for example because the page is hidden or offline. */
  readonly isPaused: boolean
  /**
   * Whether the status has not changed for `stalledAfter`, as reported by the event `Stalled`.
   *
   * @default absent until the first report
   */
  readonly isStalled?: boolean | undefined
}

/** The view of an upload before its first status. */
export interface WaitingView extends ViewActivity {
  readonly phase: 'waiting'
  readonly status: null
  readonly failure: null
  readonly since: null
}

/** The view of an upload with a known status. `phase` is the name of the status. */
export type StatusView<
  Phase extends AnyStatus['status'] = AnyStatus['status'],
  Status extends AnyStatus = UploadStatus,
> = {
  [Each in Phase]: ViewActivity & {
    readonly phase: Each
    readonly status: Extract<Status, { readonly status: Each }>
    readonly failure: null
    /** Milliseconds since 1970, or on the clock that was passed in, when the phase began. */
    readonly since: number
  }
}[Phase]

/** The view of an upload whose watch ended with a failure. */
export interface UnknownView<Status extends AnyStatus = UploadStatus> extends ViewActivity {
  readonly phase: 'unknown'
  /** The last status from the server, or null. */
  readonly status: Status | null
  readonly failure: Failure
  /** Milliseconds since 1970, or on the clock that was passed in, when the watch ended. */
  readonly since: number
}

/** The state of an upload for a user interface, discriminated by `phase`. */
export type UploadView<Status extends AnyStatus = UploadStatus> =
  WaitingView | StatusView<AnyStatus['status'], Status> | UnknownView<Status>

/** The view before the first value: the seed for `scan`. */
export const waitingView: WaitingView = {
  phase: 'waiting',
  status: null,
  failure: null,
  since: null,
  isPolling: false,
  isPaused: false,
}

type SettledView = StatusView<'completed' | 'failed'> | UnknownView

/** Whether a view is final. */
export const isSettled = (view: UploadView): view is SettledView =>
  view.phase === 'completed' || view.phase === 'failed' || view.phase === 'unknown'

/**
 * Whether a watch failed and another one may succeed: after a transient failure, and after a deadline,
 * which may have passed while the page was hidden.
 */
export const isLost = (view: UploadView): boolean =>
  view.phase === 'unknown' && (isTransient(view.failure) || view.failure._tag === 'Expired')

/** Sets the activity of a view. Returns the same object if it does not change. */
export const withActivity = <View extends UploadView>(
  view: View,
  isPolling = false,
  isPaused = false,
): View =>
  view.isPolling === isPolling && view.isPaused === isPaused
    ? view
    : { ...view, isPolling, isPaused }

/** Maps each phase to its status, so that the compiler knows that they belong together. */
type Named<Phase extends UploadStatus['status']> = {
  [Each in Phase]: Extract<UploadStatus, { readonly status: Each }> & { readonly status: Each }
}[Phase]

const withStatus = <Phase extends UploadStatus['status']>(
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
 * Returns the view of an upload after one more value or event of its watch. Pure: an unchanged view is
 * the same object.
 *
 * ```
 * values   Right(pending)  Right(processing)  Right(completed)
 * phase    waiting  pending  processing       completed
 * ```
 *
 * - `since` changes only with `phase`. `isPolling` and `isPaused` come from events; without events they
 *   stay false.
 * - After a terminal status or a failure nothing changes.
 *
 * @param at the time of the value or event, on any clock; it becomes `since`
 *
 * @example
 * const view$ = uploadStatus$('acct_1', 'ofapi_media_1').pipe(
 *   scan((view: UploadView, value) => uploadView(view, value, Date.now()), waitingView),
 * )
 */
export function uploadView(
  view: UploadView,
  news: Either<Failure, UploadStatus> | Happening,
  at: number,
): UploadView
export function uploadView<Status extends AnyStatus>(
  view: UploadView<Status>,
  news: Either<Failure, Status> | Happening,
  at: number,
): UploadView<Status>
export function uploadView(
  view: UploadView,
  news: Either<Failure, UploadStatus> | Happening,
  at: number,
): UploadView {
  const { _tag } = news
  if (isSettled(view) || (_tag === 'Right' && news.right === view.status)) return view
  const known: UploadView =
    _tag === 'Right'
      ? withStatus<UploadStatus['status']>(view, news.right, at)
      : _tag === 'Left'
        ? { ...view, phase: 'unknown', failure: news.left, since: at }
        : _tag === 'Stalled' && !view.isStalled
          ? { ...view, isStalled: true }
          : view
  const next =
    known.isStalled && known.phase !== view.phase ? { ...known, isStalled: false } : known
  return keepsActivity(news) && !isSettled(next)
    ? next
    : withActivity(next, _tag === 'AttemptStarted', _tag === 'Paused')
}
