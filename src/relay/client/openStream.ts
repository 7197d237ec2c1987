import type { Either } from 'fp-ts/Either'
import type { Observable } from 'rxjs'
import type { UploadRef } from '../../api/uploadRef'
import type { Failure } from '../../failure/failure'
import type { ServerEvent } from './eventStream'

/**
 * Opens a stream for uploads. It emits an empty list once it is accepted, then events; or a failure.
 *
 * @param known what is known of each upload, one digit each
 */
export type OpenStream = (
  refs: readonly UploadRef[],
  known: string,
) => Observable<Either<Failure, readonly ServerEvent[]>>
