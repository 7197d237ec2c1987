import type { Queue } from 'bullmq'
import { defer, merge, mergeMap, retry, type Observable } from 'rxjs'
import type { UploadRef } from '../api/uploadRef'
import { refOf } from './jobs'

/** Milliseconds until the list is read again, while Redis is away. */
const untilReread = 1_000

/** The uploads that are watched now, and each that is added from then on. It never completes. */
export const allUploads$ = (
  watches: Queue,
  added$: Observable<UploadRef>,
): Observable<UploadRef | readonly UploadRef[]> => {
  const listed$ = defer(() => watches.getRanges(['wait', 'active', 'delayed'])).pipe(
    retry({ delay: untilReread }),
    mergeMap(ids => [ids.flatMap((id: string) => refOf(id) ?? [])]),
  )
  return merge(added$, listed$)
}
