import type { WatchEvent } from './event'
import type { UploadRef } from './identifier'
import type { TrackedStatus } from './trackedStatus'
import { uploadView, waitingView, type UploadView } from './uploadView'

/** What a page shows of one upload of many. */
export type TrackedView = UploadRef & UploadView

/** What a page shows of many uploads: by account, and by upload. */
export type UploadViews = ReadonlyMap<string, ReadonlyMap<string, TrackedView>>

/** What is shown of an upload: {@link waitingView} while nothing was learned of it. */
export const viewIn = (views: UploadViews, { account, upload }: UploadRef): TrackedView =>
  views.get(account)?.get(upload) ?? { account, upload, ...waitingView }

/**
 * What a page shows of many uploads after something more was learned of one of them; see
 * {@link uploadView}. Pure; what did not change is the same object.
 *
 * @param news what `uploadStatuses$` emits, or an event
 * @param at when it was learned, on any clock; it becomes `since`
 *
 * @example
 * const views$ = uploadStatuses$([{ account: 'acct_1', upload: 'ofapi_media_1' }]).pipe(
 *   scan((views: UploadViews, tracked) => uploadViews(views, tracked, Date.now()), new Map()),
 * )
 */
export const uploadViews = (
  views: UploadViews,
  news: TrackedStatus | WatchEvent,
  at: number,
): UploadViews => {
  const { account, upload } = news
  const before = viewIn(views, news)
  const after = uploadView(before, '_tag' in news ? news : news.status, at)
  if (after === before) return views
  const ofAccount = new Map(views.get(account)).set(upload, { account, upload, ...after })
  return new Map(views).set(account, ofAccount)
}
