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

/** Milliseconds between two groups of uploads that are watched again. */
const groupInterval = 250

/** The minimum number of groups, which take 2 s. Many uploads need more groups, of 10 uploads each. */
const minGroups = 8

/**
 * Emits each time the user or the network comes back. Until `activity$` emits, both count as present.
 * After it errors, nothing is emitted.
 */
export const returns$ = (activity$: Observable<boolean>): Observable<unknown> =>
  activity$.pipe(
    catchError(() => EMPTY),
    startWith(true),
    distinctUntilChanged(),
    filter((isActive, nth) => isActive && nth > 0),
  )

/**
 * Emits the uploads in random groups of about 10, 250 ms apart. They are grouped because a relay needs
 * a new connection for each emission.
 */
export const spreadOut$ = (
  refs: readonly UploadRef[],
  random: () => number,
): Observable<UploadRef> => {
  const groups = Math.max(minGroups, Math.ceil(refs.length / 10))
  return from(refs).pipe(
    mergeMap(ref => timer(groupInterval * Math.floor(groups * random())).pipe(map(() => ref))),
  )
}
