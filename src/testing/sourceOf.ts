import type { Either } from 'fp-ts/Either'
import { distinct, from, map, mergeMap, type Observable } from 'rxjs'
import type { Failure } from '../model/failure'
import { refName, type UploadRef } from '../model/identifier'
import type { UploadStatus } from '../model/uploadStatus'
import type { UploadStatusSource } from '../uploadStatusSource'

/**
 * A source for tests of what shows uploads: the values of each upload are those that you give.
 * Unsubscribing unsubscribes from them. Many uploads are merged; each is subscribed to once.
 *
 * @param values$ the statuses of an upload, and its failure, if it has one
 *
 * @example
 * const source = sourceOf(({ upload }) =>
 *   of(either.right({ status: 'pending', prefixed_id: upload } as const)),
 * )
 */
export const sourceOf = (
  values$: (ref: UploadRef) => Observable<Either<Failure, UploadStatus>>,
): UploadStatusSource => ({
  uploadStatus$: (account, upload) => values$({ account, upload }),
  uploadStatuses$: uploads =>
    from(uploads).pipe(
      mergeMap(given => ('account' in given ? [given] : given)),
      distinct(refName),
      mergeMap(({ account, upload }) =>
        values$({ account, upload }).pipe(map(status => ({ account, upload, status }))),
      ),
    ),
})
