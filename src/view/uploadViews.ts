import type { AnyStatus, UploadStatus } from '../api/status'
import { refName, type UploadRef, type TrackedStatus } from '../api/uploadRef'
import type { WatchEvent } from '../watch/event'
import { uploadView, waitingView, withActivity, type UploadView } from './uploadView'

/** The view of one upload of many. */
export type TrackedView<Status extends AnyStatus = UploadStatus> = UploadRef & UploadView<Status>

/** The views of many uploads, in order of arrival. {@link viewIn} finds one. */
export type UploadViews<Status extends AnyStatus = UploadStatus> = ReadonlyMap<
  string,
  TrackedView<Status>
>

/** Returns the same string for two lists with the same uploads in the same order. */
export const namesOf = (refs: readonly UploadRef[]): string => refs.map(refName).join()

/** Returns the view of an upload, or `waitingView` before its first value. */
export const viewIn = <Status extends AnyStatus = UploadStatus>(
  views: UploadViews<Status>,
  ref: UploadRef,
): TrackedView<Status> =>
  views.get(refName(ref)) ?? { account: ref.account, upload: ref.upload, ...waitingView }

/** Returns the views of exactly these uploads, with their known state but without activity. */
export const viewsOf = (refs: readonly UploadRef[], known: UploadViews = new Map()): UploadViews =>
  new Map(refs.map(ref => [refName(ref), withActivity(viewIn(known, ref))]))

/** Resets the views of these uploads to waiting, because they are watched again. */
export const resetViews = (views: UploadViews, refs: readonly UploadRef[]): UploadViews =>
  refs.length === 0 ? views : new Map([...views, ...viewsOf(refs)])

/**
 * Returns the views of many uploads after one more value or event of one of them. See `uploadView`.
 * Pure: unchanged views are the same objects.
 *
 * @param news a value of `uploadStatuses$`, or an event
 * @param at the time of the value or event, on any clock; it becomes `since`
 *
 * @example
 * const views$ = uploadStatuses$([{ account: 'acct_1', upload: 'ofapi_media_1' }]).pipe(
 *   scan((views: UploadViews, tracked) => uploadViews(views, tracked, Date.now()), new Map()),
 * )
 */
export function uploadViews(
  views: UploadViews,
  news: TrackedStatus | WatchEvent,
  at: number,
): UploadViews
export function uploadViews<Status extends AnyStatus>(
  views: UploadViews<Status>,
  news: TrackedStatus<Status> | WatchEvent,
  at: number,
): UploadViews<Status>
export function uploadViews(
  views: UploadViews,
  news: TrackedStatus | WatchEvent,
  at: number,
): UploadViews {
  const before = viewIn(views, news)
  const after = uploadView(before, '_tag' in news ? news : news.status, at)
  return after === before ? views : new Map(views).set(refName(news), { ...before, ...after })
}
