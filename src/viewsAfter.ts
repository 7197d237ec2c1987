import { EMPTY, ignoreElements, Observable, tap } from 'rxjs'
import type { WatchEvent } from './model/event'
import type { UploadRef } from './model/identifier'
import type { TrackedStatus } from './model/trackedStatus'
import { isSettled } from './model/uploadView'
import { uploadViews, viewIn, type UploadViews } from './model/uploadViews'
import type { UploadStatusSource } from './uploadStatusSource'

/** Milliseconds since 1970, so that a page can say at what time a phase began. */
export type WallClock = () => number

/** What becomes of the views of uploads. One that is settled needs no watch. */
export const viewsAfter$ = (
  refs: readonly UploadRef[],
  views: UploadViews,
  source: UploadStatusSource,
  clock: WallClock,
): Observable<UploadViews> =>
  new Observable(subscriber => {
    let latest = views
    const learn = (news: TrackedStatus | WatchEvent): void => {
      const next = uploadViews(latest, news, clock())
      if (next !== latest) subscriber.next((latest = next))
    }
    const open = refs.filter(ref => !isSettled(viewIn(views, ref)))
    const tracked$ = open.length > 0 ? source.uploadStatuses$(open, { on: learn }) : EMPTY
    return tracked$.pipe(tap(learn), ignoreElements()).subscribe(subscriber)
  })
