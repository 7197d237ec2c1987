import { identityOf } from '../api/platforms'
import type { UploadStatus } from '../api/status'
import { safeSentence } from '../failure/safeText'

/** Chooses what of a status crosses to the reader. */
export type Select = (status: UploadStatus) => UploadStatus

/**
 * The identity, the type and the readiness of the media, and the sentence of an upload that failed.
 * No address of the media, nothing that is signed, and nothing that the contract does not name.
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
