import {
  concatWith,
  defer,
  EMPTY,
  from,
  ignoreElements,
  map,
  merge,
  mergeMap,
  Observable,
  of,
  startWith,
  takeWhile,
  tap,
  type ObservableInput,
} from 'rxjs'
import type { UploadRef, TrackedStatus } from '../api/uploadRef'
import type { UploadStatusSource } from '../source'
import type { WatchEvent } from '../watch/event'
import { returns$, spreadOut$ } from './returns'
import { isLost, isSettled, type UploadView } from './uploadView'
import {
  uploadViews,
  viewIn,
  viewsOf,
  waitAgain,
  type TrackedView,
  type UploadViews,
} from './uploadViews'

/** Milliseconds since 1970, so that a page can say at what time a phase began. */
export type WallClock = () => number

/** Follows uploads by the method of a source that fits. */
type Follow = (
  source: UploadStatusSource,
  uploads: ObservableInput<UploadRef>,
  on: (event: WatchEvent) => void,
) => Observable<TrackedStatus>

const followMany$: Follow = (source, uploads, on) => source.uploadStatuses$(uploads, { on })

const followEach$: Follow = (source, uploads, on) =>
  from(uploads).pipe(
    mergeMap(({ account, upload }) =>
      source
        .uploadStatus$(account, upload, { on })
        .pipe(map(status => ({ account, upload, status }))),
    ),
  )

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
  statuses$: Follow = followMany$,
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
        : statuses$(source, asked, learn).pipe(tap(learn), ignoreElements(), concatWith(mayChange$))

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
  return viewsAfter$([ref], views, source, clock, Math.random, followEach$).pipe(
    startWith(views),
    map(latest => viewIn(latest, ref)),
  )
}

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
