import { isVaultMedia, type CdnMedia, type VaultMedia } from '../api/media'
import type { UploadStatus } from '../api/status'
import { safeSentence } from '../failure/safeText'

/** Chooses what of a status crosses to the reader. */
export type Select = (status: UploadStatus) => UploadStatus

const mediaOf = (media: VaultMedia | CdnMedia): VaultMedia | CdnMedia => {
  if (!isVaultMedia(media)) return { prefixed_id: media.prefixed_id }
  const { id, type, isReady, hasError } = media
  return { id, type, isReady, hasError }
}

/**
 * The identity, the type and the readiness of the media, and the sentence of an upload that failed.
 * No address of the media, nothing that is signed, and nothing that the contract does not name.
 */
export const selectIdentity: Select = status => {
  const { prefixed_id } = status
  switch (status.status) {
    case 'completed':
      return { status: status.status, prefixed_id, media: mediaOf(status.media) }
    case 'failed':
      return { status: status.status, prefixed_id, error: safeSentence(status.error) }
    default:
      return { status: status.status, prefixed_id }
  }
}
