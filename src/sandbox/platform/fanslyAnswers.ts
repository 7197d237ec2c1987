import {
  extensionOf,
  fileKind,
  isEmpty,
  type JsonObject,
  type MediaSource,
} from './imitatedPlatform'
import type { Platform } from './imitatedPlatform'

/** Fansly: every id is a string, because most are beyond 2^53. An upload can be used again. */
export const fansly: Platform = {
  name: 'fansly',
  uploadPrefix: 'fansly_media_',
  startPaths: {
    vault: '/api/fansly/{account}/vault/media/upload',
    upload: '/api/fansly/{account}/media/upload',
  },
  statusPath: '/api/fansly/{account}/media/uploads/{upload}/status',
  checkFields: (endpoint, fields) => {
    const album = fields.get('album_id')
    return endpoint === 'upload' || isEmpty(album) || isSnowflake(album)
      ? null
      : 'The album_id field must be the id of an album: digits, as a string.'
  },
  completed: source => {
    const media = mediaOf(source)
    return { media_id: media['id'], media }
  },
  finished: source => {
    const media = mediaOf(source)
    return {
      prefixed_id: source.upload,
      file_name: source.fileName,
      media_id: media['id'],
      media,
      credits_used: source.creditsUsed,
    }
  },
}

const isSnowflake = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{1,20}$/.test(value)

// The vendor's examples have 1 for an image and 2 for a video.
const mediaTypes = { photo: 1, gif: 1, video: 2, audio: 3 } as const

const subtypes: ReadonlyMap<string, string> = new Map([
  ['jpg', 'jpeg'],
  ['mov', 'quicktime'],
  ['mp3', 'mpeg'],
])

const mimetype = (fileName: string): string => {
  const kind = fileKind(fileName)
  const extension = extensionOf(fileName)
  const isImage = kind === 'photo' || kind === 'gif'
  const subtype = subtypes.get(extension) ?? (/^[a-z\d]{2,4}$/.test(extension) ? extension : 'jpeg')
  return `${isImage ? 'image' : kind}/${subtype}`
}

const mediaOf = ({ account, fileName, hex }: MediaSource): JsonObject => ({
  id: snowflake(hex('media')),
  type: mediaTypes[fileKind(fileName)],
  status: 1,
  accountId: snowflake(hex(`account ${account}`)),
  mimetype: mimetype(fileName),
  filename: fileName,
  width: 1_080,
  height: 1_080,
})

/** Returns 19 digits: a number that `JSON.parse` would round if it were not a string. */
const snowflake = (hex: string): string =>
  String(10n ** 18n + (BigInt(`0x${hex.slice(0, 16)}`) % (9n * 10n ** 18n)))
