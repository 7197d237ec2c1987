import type { Either } from 'fp-ts/Either'
import type { AnyStatus, UploadStatus } from '../api/status'
import type { Failure } from '../failure/failure'
import { isTransient } from '../failure/match'
import { type Happening, goesOn } from '../watch/event'

/** What a watch is doing now, as far as its source reports it. Both are false after its end. */
export interface ViewActivity {
  /** Whether a request for the status is running now. */
  readonly isPolling: boolean
  /** Whether the watch is paused, for instance because the page is hidden or offline. */
  readonly isPaused: boolean
  /**
   * Whether the status has not changed for `stalledAfter`, as the event `Stalled` reports.
   *
   * @default absent, until it is reported for the first time
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

/** The view of an upload whose status is known; `phase` is its name. */
export type StatusView<
  Phase extends AnyStatus['status'] = AnyStatus['status'],
  Status extends AnyStatus = UploadStatus,
> = {
  [Each in Phase]: ViewActivity & {
    readonly phase: Each
    readonly status: Extract<Status, { readonly status: Each }>
    readonly failure: null
    /** Milliseconds since 1970 when the phase began, or a time on the clock that was handed in. */
    readonly since: number
  }
}[Phase]

/** The view of an upload whose status could not be learned. */
export interface UnknownView<Status extends AnyStatus = UploadStatus> extends ViewActivity {
  readonly phase: 'unknown'
  /** The last status that the server gave, if it gave one. */
  readonly status: Status | null
  readonly failure: Failure
  /** Milliseconds since 1970 when the watch ended, or a time on the clock that was handed in. */
  readonly since: number
}

/** All that a page shows of an upload, told apart by `phase`. */
export type UploadView<Status extends AnyStatus = UploadStatus> =
  WaitingView | StatusView<AnyStatus['status'], Status> | UnknownView<Status>

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

/**
 * Whether the status could not be learned, and asking again may help: after a transient failure, and
 * after a deadline, which may have passed while the page was hidden.
 */
export const isLost = (view: UploadView): boolean =>
  view.phase === 'unknown' && (isTransient(view.failure) || view.failure._tag === 'Expired')

/** The same view, where of what goes on something else is known. */
export const withActivity = <View extends UploadView>(
  view: View,
  isPolling = false,
  isPaused = false,
): View =>
  view.isPolling === isPolling && view.isPaused === isPaused
    ? view
    : { ...view, isPolling, isPaused }

/** For each phase the status of its name, so that the compiler sees that they belong together. */
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
 * What a page shows of an upload after one more value of its watch, or one more event. Pure; a view
 * that stays as it was is the same object.
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
        : _tag === 'Stalled' && view.isStalled !== true
          ? { ...view, isStalled: true }
          : view
  const next =
    known.isStalled === true && known.phase !== view.phase ? { ...known, isStalled: false } : known
  return goesOn(news) && !isSettled(next)
    ? next
    : withActivity(next, _tag === 'AttemptStarted', _tag === 'Paused')
}
