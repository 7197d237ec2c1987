import {
  concatWith,
  defer,
  EMPTY,
  ignoreElements,
  merge,
  mergeMap,
  Observable,
  of,
  takeWhile,
  tap,
  type ObservableInput,
} from 'rxjs'
import type { WatchEvent } from './model/event'
import type { UploadRef } from './model/identifier'
import type { TrackedStatus } from './model/trackedStatus'
import { isLost, isSettled } from './model/uploadView'
import {
  uploadViews,
  viewIn,
  waitAgain,
  type TrackedView,
  type UploadViews,
} from './model/uploadViews'
import { returns$, spreadOut$ } from './returns'
import type { UploadStatusSource } from './uploadStatusSource'

/** Milliseconds since 1970, so that a page can say at what time a phase began. */
export type WallClock = () => number

/**
 * What becomes of the views of uploads. One that is settled needs no watch; one that was lost is
 * asked for again when the user or the network comes back.
 */
export const viewsAfter$ = (
  refs: readonly UploadRef[],
  views: UploadViews,
  source: UploadStatusSource,
  clock: WallClock,
  random: () => number = Math.random,
): Observable<UploadViews> =>
  new Observable(subscriber => {
    let latest = views
    const show = (next: UploadViews): void => {
      if (next !== latest) subscriber.next((latest = next))
    }
    const learn = (news: TrackedStatus | WatchEvent): void => {
      show(uploadViews(latest, news, clock()))
    }
    const those = (is: (view: TrackedView) => boolean): readonly UploadRef[] =>
      refs.filter(ref => is(viewIn(latest, ref)))

    /** Whether anything can still become known, now that these uploads were followed to their end. */
    const mayChange$ = defer(() => of(those(view => !isSettled(view) || isLost(view)).length > 0))

    const follow$ = (
      uploads: readonly UploadRef[],
      asked: ObservableInput<UploadRef> = uploads,
    ): Observable<boolean> =>
      uploads.length === 0
        ? mayChange$
        : source
            .uploadStatuses$(asked, { on: learn })
            .pipe(tap(learn), ignoreElements(), concatWith(mayChange$))

    const askAgain$ = (): Observable<boolean> => {
      const lost = those(isLost)
      show(waitAgain(latest, lost))
      return follow$(lost, spreadOut$(lost, random))
    }

    return merge(
      follow$(those(view => !isSettled(view))),
      source.activity$ === undefined ? EMPTY : returns$(source.activity$).pipe(mergeMap(askAgain$)),
    )
      .pipe(
        takeWhile(mayChange => mayChange),
        ignoreElements(),
      )
      .subscribe(subscriber)
  })
