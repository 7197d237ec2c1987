import {
  catchError,
  distinctUntilChanged,
  EMPTY,
  filter,
  from,
  map,
  mergeMap,
  startWith,
  timer,
  type Observable,
} from 'rxjs'
import type { UploadRef } from '../api/uploadRef'

/** Milliseconds between two groups of uploads that are asked for again. */
const step = 250

/** Groups among which few uploads are spread: 2 s of them. Many take more, 10 uploads a group. */
const fewest = 8

/**
 * Emits each time that the user or the network comes back. Both are there before `activity$` says
 * anything; after an error of it neither comes back.
 */
export const returns$ = (activity$: Observable<boolean>): Observable<unknown> =>
  activity$.pipe(
    catchError(() => EMPTY),
    startWith(true),
    distinctUntilChanged(),
    filter((isActive, nth) => isActive && nth > 0),
  )

/**
 * The uploads, in random groups of about 10 with 250 ms between them. Groups, because a relay is
 * connected to again for each.
 */
export const spreadOut$ = (
  refs: readonly UploadRef[],
  random: () => number,
): Observable<UploadRef> => {
  const groups = Math.max(fewest, Math.ceil(refs.length / 10))
  return from(refs).pipe(
    mergeMap(ref => timer(step * Math.floor(groups * random())).pipe(map(() => ref))),
  )
}
