import { isRecord } from '../api/parseJson'
import type { JsonObject } from './platform/imitatedPlatform'
import type { CompletedAnswer } from './scenario/answers'

type Variants = Pick<CompletedAnswer, 'previews' | 'mediaId'>

/**
 * Changes a `completed` status into a variant that occurs in production. A media without the
 * member in question, such as that of a CDN upload, stays as it is.
 */
export const withVariants = ({ previews, mediaId }: Variants, status: JsonObject): JsonObject => {
  const { media } = status
  if (!isRecord(media)) return status
  const { files } = media
  const shown = isRecord(files)
    ? { ...media, ...readiness(previews), files: { ...files, ...previewFiles(previews) } }
    : media
  return { ...status, media: shown, ...identity(mediaId, shown) }
}

const address = 'https://cdn2.sandbox.example/files/preview.jpg'

const readiness = (previews: Variants['previews']): JsonObject =>
  previews === undefined ? {} : { isReady: true }

const previewFiles = (previews: Variants['previews']): JsonObject => {
  switch (previews) {
    case undefined:
      return {}
    case 'urls':
      return { thumb: address, preview: address, squarePreview: address }
    case 'objects': {
      const file = { url: address, width: 300, height: 300, size: 12_345 }
      return { thumb: file, preview: file, squarePreview: file }
    }
  }
}

const identity = (mediaId: Variants['mediaId'], media: JsonObject): JsonObject => {
  const { id, ...rest } = media
  if (typeof id !== 'number' && typeof id !== 'string') return {}
  switch (mediaId) {
    case undefined:
      return {}
    case 'string':
      return { media: { ...media, id: String(id) } }
    case 'beside':
      return { media: rest, media_id: id }
  }
}
