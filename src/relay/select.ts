import { identityOf } from '../api/platforms'
import type { UploadStatus } from '../api/status'
import { safeSentence } from '../failure/safeText'

/** Selects the parts of a status that are sent to the reader. */
export type Select = (status: UploadStatus) => UploadStatus

/**
 * Keeps the identity, type and readiness of the media, and the error message of a failed upload.
 * Drops the URLs of the media, everything signed, and all fields that the contract does not name.
 */
export const selectIdentity: Select = status => {
  const { prefixed_id } = status
  switch (status.status) {
    case 'completed':
      return identityOf(status)
    case 'failed':
      return { status: status.status, prefixed_id, error: safeSentence(status.error) }
    default:
      return { status: status.status, prefixed_id }
  }
}
