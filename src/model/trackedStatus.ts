import type { Either } from 'fp-ts/Either'
import type { Failure } from './failure'
import type { UploadRef } from './identifier'
import type { UploadStatus } from './uploadStatus'

/** What is learned of one upload of many. */
export interface TrackedStatus extends UploadRef {
  readonly status: Either<Failure, UploadStatus>
}
