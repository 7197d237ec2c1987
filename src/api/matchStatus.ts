import type { CompletedFanslyUpload } from './fansly'
import type { CompletedUpload, FailedUpload, PendingUpload, ProcessingUpload } from './status'

/** One function for each status. See {@link matchStatus}. */
export interface StatusCases<B, Completed = CompletedUpload> {
  /** The upload is queued. */
  readonly pending: (status: PendingUpload) => B
  /** The upload is in progress. */
  readonly processing: (status: ProcessingUpload) => B
  /** The upload is completed. Its status has the media. */
  readonly completed: (status: Completed) => B
  /** The upload failed. Its status has the reason. */
  readonly failed: (status: FailedUpload) => B
}

/**
 * Handles every status. A missing case is a type error.
 *
 * @example
 * const label = matchStatus({
 *   pending: () => 'queued',
 *   processing: () => 'in progress',
 *   completed: ({ media }) => `ready: ${isVaultMedia(media) ? media.id : media.prefixed_id}`,
 *   failed: ({ error }) => error,
 * })
 * uploadStatus$('acct_1', 'ofapi_media_1')
 *   .pipe(statuses(), map(label))
 *   .subscribe(text => console.log(text))
 */
export const matchStatus =
  <B, Completed extends CompletedUpload | CompletedFanslyUpload = CompletedUpload>(
    cases: StatusCases<B, Completed>,
  ): ((status: PendingUpload | ProcessingUpload | Completed | FailedUpload) => B) =>
  status => {
    switch (status.status) {
      case 'pending':
        return cases.pending(status)
      case 'processing':
        return cases.processing(status)
      case 'completed':
        return cases.completed(status)
      case 'failed':
        return cases.failed(status)
    }
  }
