import { map, startWith, type Observable } from 'rxjs'
import { viewIn, viewsOf, type TrackedView } from './model/uploadViews'
import type { UploadStatusSource } from './uploadStatusSource'
import { viewsAfter$, type WallClock } from './viewsAfter'

/**
 * What a page shows of one upload: at once that it is waiting, and then a new view for each thing
 * that is learned of it.
 *
 * ```
 * source  |      AttemptStarted  Right(pending)  AttemptStarted  Right(completed) |
 * phase   waiting                pending                         completed        |
 * ```
 *
 * - A failure is a view whose `phase` is `unknown`; the error channel is for bugs.
 * - Completes with the watch. Unsubscribing stops what the source started for it.
 *
 * @param source a client, for instance
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
): Observable<TrackedView> => {
  const ref = { account, upload }
  const views = viewsOf([ref])
  return viewsAfter$([ref], views, source, clock).pipe(
    startWith(views),
    map(latest => viewIn(latest, ref)),
  )
}
