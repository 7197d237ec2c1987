import { isCdnMedia } from './media'
import type { PlatformApi } from './platformApi'
import { UploadStatus, type CompletedUpload } from './status'

const identityOf = (media: CompletedUpload['media']): CompletedUpload['media'] => {
  if (isCdnMedia(media)) return { prefixed_id: media.prefixed_id }
  const { id, type, isReady, hasError } = media
  return { id, type, isReady, hasError }
}

/** OnlyFans. A vault media has an id; a CDN media can be used once. */
export const onlyfans: PlatformApi<UploadStatus, CompletedUpload> = {
  name: 'onlyfans',
  path: '/api',
  account: 'acct_',
  upload: 'ofapi_media_',
  status: UploadStatus,
  identity: ({ status, prefixed_id, media_id, media }) => ({
    status,
    prefixed_id,
    ...(media_id !== undefined && { media_id }),
    media: identityOf(media),
  }),
}
