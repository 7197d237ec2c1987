import { map, startWith, type Observable } from 'rxjs'
import type { UploadRef } from './model/identifier'
import { viewIn, viewsOf, type TrackedView } from './model/uploadViews'
import type { UploadStatusSource } from './uploadStatusSource'
import { viewsAfter$, type WallClock } from './viewsAfter'

/**
 * What a page shows of many uploads, in the order of their references: an array of views that wait
 * immediately, then a new array for each thing that is learned. Only the view that changed is new.
 *
 * - A failure is a view whose `phase` is `unknown`; the error channel is for bugs.
 * - When the page is visible and online again (`activity$` of the source), it asks again for each
 *   upload whose status could not be learned: after a transient failure or a passed deadline. At most
 *   some 40 uploads are asked for in a second. Their views wait again.
 * - Completes when all have ended, unless one may be asked for again. Unsubscribing stops what the
 *   source started.
 *
 * @param source for instance a client
 * @param clock milliseconds since 1970, for `since`; by default `Date.now`
 *
 * @example
 * uploadViews$(createUploadStatusClient(), [{ account: 'acct_1', upload: 'ofapi_media_1' }]).subscribe(
 *   views => views.forEach(({ upload, phase }) => console.log(upload, phase)),
 * )
 */
export const uploadViews$ = (
  source: UploadStatusSource,
  uploads: readonly UploadRef[],
  clock: WallClock = Date.now,
): Observable<readonly TrackedView[]> => {
  const views = viewsOf(uploads)
  return viewsAfter$(uploads, views, source, clock).pipe(
    startWith(views),
    map(latest => uploads.map(ref => viewIn(latest, ref))),
  )
}
