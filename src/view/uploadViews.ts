import type { AnyStatus, UploadStatus } from '../api/status'
import { refName, type UploadRef, type TrackedStatus } from '../api/uploadRef'
import type { WatchEvent } from '../watch/event'
import { uploadView, waitingView, withActivity, type UploadView } from './uploadView'

/** What a page shows of one upload of many. */
export type TrackedView<Status extends AnyStatus = UploadStatus> = UploadRef & UploadView<Status>

/** What a page shows of many uploads, in the order in which they came; {@link viewIn} finds one. */
export type UploadViews<Status extends AnyStatus = UploadStatus> = ReadonlyMap<
  string,
  TrackedView<Status>
>

/** The same for two lists that name the same uploads in the same order. */
export const namesOf = (refs: readonly UploadRef[]): string => refs.map(refName).join()

/** What is shown of an upload: `waitingView` while nothing was learned of it. */
export const viewIn = <Status extends AnyStatus = UploadStatus>(
  views: UploadViews<Status>,
  ref: UploadRef,
): TrackedView<Status> =>
  views.get(refName(ref)) ?? { account: ref.account, upload: ref.upload, ...waitingView }

/** The views of these uploads and no others, before anybody follows them: as known, but at rest. */
export const viewsOf = (refs: readonly UploadRef[], known: UploadViews = new Map()): UploadViews =>
  new Map(refs.map(ref => [refName(ref), withActivity(viewIn(known, ref))]))

/** The same views, but nothing is known of these uploads any more: they are asked for again. */
export const waitAgain = (views: UploadViews, refs: readonly UploadRef[]): UploadViews =>
  refs.length === 0
    ? views
    : new Map([...views, ...refs.map(ref => [refName(ref), viewIn(new Map(), ref)] as const)])

/**
 * What a page shows of many uploads after one more value or event of one of them; see `uploadView`.
 * Pure; what did not change is the same object.
 *
 * @param news what `uploadStatuses$` emits, or an event
 * @param at when it was learned, on any clock; it becomes `since`
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
