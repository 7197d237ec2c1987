import { map, startWith, type Observable } from 'rxjs'
import type { UploadRef } from './model/identifier'
import { viewIn, viewsOf, type TrackedView } from './model/uploadViews'
import type { UploadStatusSource } from './uploadStatusSource'
import { viewsAfter$, type WallClock } from './viewsAfter'

/**
 * What a page shows of many uploads, in the order of their references: at once that all are waiting,
 * and then a new array for each thing that is learned; of it only the view that changed is new.
 *
 * - What becomes of them is told as `uploadStatuses$` tells it: a failure is a view whose `phase` is
 *   `unknown`; the error channel is for bugs.
 * - Completes when all have ended. Unsubscribing stops what the source started for it.
 *
 * @param source a client, for instance
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
