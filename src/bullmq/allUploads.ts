import type { Queue } from 'bullmq'
import { defer, merge, mergeMap, retry, type Observable } from 'rxjs'
import type { UploadRef } from '../api/uploadRef'
import { refOf } from './jobs'

/** Milliseconds until the list is read again while Redis is unavailable. */
const rereadAfter = 1_000

/** Emits the uploads that are watched now, and each one that is added later. Never completes. */
export const allUploads$ = (
  watches: Queue,
  added$: Observable<UploadRef>,
): Observable<UploadRef | readonly UploadRef[]> => {
  const listed$ = defer(() => watches.getRanges(['wait', 'active', 'delayed'], 0, -1)).pipe(
    retry({ delay: rereadAfter }),
    mergeMap(ids => [ids.flatMap((id: string) => refOf(id) ?? [])]),
  )
  return merge(added$, listed$)
}
