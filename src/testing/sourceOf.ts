import type { Either } from 'fp-ts/Either'
import { distinct, from, map, mergeMap, type Observable, type ObservableInput } from 'rxjs'
import type { PlatformName } from '../api/platformApi'
import type { UploadStatusOf } from '../api/platforms'
import { refName, type TrackedStatus, type UploadRef } from '../api/uploadRef'
import type { Failure } from '../failure/failure'
import type { UploadStatusSource } from '../source'

/** A source with values of any platform. */
interface SourceOfAny {
  readonly uploadStatus$: (
    account: string,
    upload: string,
  ) => Observable<Either<Failure, UploadStatusOf<PlatformName>>>
  readonly uploadStatuses$: (
    uploads: ObservableInput<UploadRef | readonly UploadRef[]>,
  ) => Observable<TrackedStatus<UploadStatusOf<PlatformName>>>
}

/**
 * Creates a source with scripted values, for tests of user interfaces. Unsubscribing unsubscribes from
 * the values. Many uploads are merged; each one is subscribed to once.
 *
 * @param values$ returns the statuses of an upload, and its failure if it has one
 *
 * @example
 * const source = sourceOf(({ upload }) =>
 *   of(either.right({ status: 'pending', prefixed_id: upload } as const)),
 * )
 */
export function sourceOf(
  values$: (ref: UploadRef) => Observable<Either<Failure, UploadStatusOf<PlatformName>>>,
): UploadStatusSource
export function sourceOf(
  values$: (ref: UploadRef) => Observable<Either<Failure, UploadStatusOf<PlatformName>>>,
): SourceOfAny {
  return {
    uploadStatus$: (account, upload) => values$({ account, upload }),
    uploadStatuses$: uploads =>
      from(uploads).pipe(
        mergeMap(given => ('account' in given ? [given] : given)),
        distinct(refName),
        mergeMap(({ account, upload }) =>
          values$({ account, upload }).pipe(map(status => ({ account, upload, status }))),
        ),
      ),
  }
}
