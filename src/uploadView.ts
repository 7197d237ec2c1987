import { map, startWith, type Observable } from 'rxjs'
import type { UploadView } from './model/uploadView'
import { viewIn, viewsOf } from './model/uploadViews'
import type { UploadStatusSource } from './uploadStatusSource'
import { viewsAfter$, type WallClock } from './viewsAfter'

/**
 * What a page shows of one upload: a view that waits immediately, then a new view for each thing that
 * is learned.
 *
 * ```
 * source  |      AttemptStarted  Right(pending)  AttemptStarted  Right(completed) |
 * phase   waiting                pending                         completed        |
 * ```
 *
 * - A failure is a view whose `phase` is `unknown`; the error channel is for bugs.
 * - When the page is visible and online again (`activity$` of the source), it asks again if the
 *   status could not be learned: after a transient failure or a passed deadline, within 2 s. The
 *   view waits again.
 * - Completes with the watch, unless it may ask again. Unsubscribing stops what the source started.
 *
 * @param source for instance a client
 * @param clock milliseconds since 1970, for `since`; by default `Date.now`
 *
 * @example
 * uploadView$(createUploadStatusClient(), 'acct_1', 'ofapi_media_1').subscribe(view =>
 *   console.log(view.phase === 'completed' ? view.status.media : view.phase),
 * )
 */
export const uploadView$ = (
  source: UploadStatusSource,
  account: string,
  upload: string,
  clock: WallClock = Date.now,
): Observable<UploadView> => {
  const ref = { account, upload }
  const views = viewsOf([ref])
  return viewsAfter$([ref], views, source, clock).pipe(
    startWith(views),
    map(latest => viewIn(latest, ref)),
  )
}
