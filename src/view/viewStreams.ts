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
  startWith,
  takeWhile,
  tap,
  type ObservableInput,
} from 'rxjs'
import type { UploadRef, TrackedStatus } from '../api/uploadRef'
import type { UploadStatusSource } from '../source'
import type { WatchEvent } from '../watch/event'
import { checkedRefs } from './checkedRefs'
import { checkedSource } from './checkedSource'
import { returns$, spreadOut$ } from './returns'
import { isLost, isSettled, type UploadView } from './uploadView'
import {
  uploadViews,
  viewIn,
  viewsOf,
  resetViews,
  type TrackedView,
  type UploadViews,
} from './uploadViews'

/** Returns milliseconds since 1970, so that a page can show when a phase started. */
export type WallClock = () => number

/** Watches uploads with the suitable method of a source. */
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
 * Emits the views of uploads as they change. Settled uploads need no watch. Uploads whose watch failed
 * are watched again when the user or the network comes back.
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
    const update = (news: TrackedStatus | WatchEvent): void => {
      show(uploadViews(latest, news, clock()))
    }
    const refsWhere = (is: (view: TrackedView) => boolean): readonly UploadRef[] =>
      refs.filter(ref => is(viewIn(latest, ref)))

    /** Whether a view can still change after these uploads were watched to their end. */
    const mayChange$ = defer(() => [refsWhere(view => !isSettled(view) || isLost(view)).length > 0])

    const follow$ = (
      uploads: readonly UploadRef[],
      input: ObservableInput<UploadRef> = uploads,
    ): Observable<boolean> =>
      uploads.length === 0
        ? mayChange$
        : statuses$(source, input, update).pipe(
            tap(update),
            ignoreElements(),
            concatWith(mayChange$),
          )

    const rewatch$ = (): Observable<boolean> => {
      const lost = refsWhere(isLost)
      show(resetViews(latest, lost))
      return follow$(lost, spreadOut$(lost, random))
    }

    return merge(
      follow$(refsWhere(view => !isSettled(view))),
      returns$(source.activity$ ?? EMPTY).pipe(mergeMap(rewatch$)),
    )
      .pipe(
        takeWhile(mayChange => mayChange),
        ignoreElements(),
      )
      .subscribe(subscriber)
  })

/**
 * Emits the views of one upload for a user interface: a waiting view immediately, then a new view for
 * each value or event.
 *
 * ```
 * source  |      AttemptStarted  Right(pending)  AttemptStarted  Right(completed) |
 * phase   waiting                pending                         completed        |
 * ```
 *
 * - A failure is a view whose `phase` is `unknown`; the error channel is for bugs.
 * - When the page is visible and online again (`activity$` of the source), an upload whose watch ended
 *   with a transient failure or at its deadline is watched again within 2 s. Its view is reset to
 *   waiting.
 * - Completes with the watch, unless the upload may be watched again. Unsubscribing stops the watch.
 *
 * @param source for example a client
 * @param clock returns milliseconds since 1970, for `since`; by default `Date.now`
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
  return viewsAfter$([ref], views, checkedSource(source), clock, Math.random, followEach$).pipe(
    startWith(views),
    map(latest => viewIn(latest, ref)),
  )
}

/**
 * Emits the views of many uploads for a user interface, in the order of their references: an array of
 * waiting views immediately, then a new array for each value or event. Unchanged views are the same
 * objects.
 *
 * - A failure is a view whose `phase` is `unknown`; the error channel is for bugs.
 * - When the page is visible and online again (`activity$` of the source), each upload whose watch
 *   ended with a transient failure or at its deadline is watched again, at most about 40 uploads per
 *   second. Their views are reset to waiting.
 * - Completes when all uploads have ended, unless one may be watched again. Unsubscribing stops the
 *   watches.
 *
 * @param source for example a client
 * @param clock returns milliseconds since 1970, for `since`; by default `Date.now`
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
  const views = viewsOf(checkedRefs(uploads))
  return viewsAfter$(uploads, views, checkedSource(source), clock).pipe(
    startWith(views),
    map(latest => uploads.map(ref => viewIn(latest, ref))),
  )
}
