import type { Either } from 'fp-ts/Either'
import {
  distinct,
  finalize,
  map,
  merge,
  mergeMap,
  of,
  startWith,
  Subject,
  type Observable,
} from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { createUploadStatusClient, type ClientOptions } from '../client'
import type { UploadRef } from '../model/identifier'
import { keyOf, type News, type UnreadableLine } from './news'

/** An upload to watch, or a line that names none. */
export type Reference = Either<UnreadableLine, UploadRef>

/**
 * Watches every upload once, all through one client, and tells what happens; completes when all
 * have ended. It can be subscribed to once.
 *
 * @throws TypeError or RangeError that names an option which makes no sense
 */
export const follow$ = (
  references$: Observable<Reference>,
  options: Omit<ClientOptions, 'on'>,
): Observable<News> => {
  const happened$ = new Subject<News>()
  const client = createUploadStatusClient({
    ...options,
    on: event => {
      happened$.next({ kind: 'happened', event })
    },
  })
  const watch$ = (ref: UploadRef): Observable<News> =>
    client.uploadStatus$(ref.account, ref.upload).pipe(
      map((status): News => ({ kind: 'learned', ref, status })),
      startWith<News>({ kind: 'begun', ref }),
    )
  const learned$ = references$.pipe(
    distinct(reference => (E.isLeft(reference) ? reference.left.line : keyOf(reference.right))),
    mergeMap(E.match(unreadable => of<News>({ kind: 'unreadable', ...unreadable }), watch$)),
    finalize(() => {
      happened$.complete()
    }),
  )
  return merge(happened$, learned$)
}
