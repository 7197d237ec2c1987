import type { Queue } from 'bullmq'
import { defer, map, merge, retry, startWith, switchMap, type Observable } from 'rxjs'
import type { UploadRef } from '../api/uploadRef'
import { refOf } from './jobs'

/** Milliseconds until the list is read again while Redis is unavailable. */
const rereadAfter = 1_000

/**
 * Emits the uploads that are watched now, and each one that is added later. Never completes.
 *
 * @param missed$ emits when `added$` may have missed some: all are listed again
 */
export const allUploads$ = (
  watches: Queue,
  added$: Observable<UploadRef>,
  missed$: Observable<void>,
): Observable<UploadRef | readonly UploadRef[]> =>
  defer(() => {
    let listed: ReadonlySet<string> = new Set()
    const unlisted$ = defer(() => watches.getRanges(['wait', 'active', 'delayed'], 0, -1)).pipe(
      retry({ delay: rereadAfter }),
      map((ids: readonly string[]) => {
        // An upload that has just ended would be followed again.
        const before = listed
        listed = new Set(ids)
        return ids.flatMap(id => (before.has(id) ? [] : (refOf(id) ?? [])))
      }),
    )
    return merge(
      added$,
      missed$.pipe(
        startWith(undefined),
        switchMap(() => unlisted$),
      ),
    )
  })
