import type { Endpoint } from './scenario/answers'
import { seededFraction, seededHex } from './seededRandom'

/** The values that determine the media of an upload. */
export interface MediaSource {
  readonly seed: number
  readonly upload: string
  readonly endpoint: Endpoint
  readonly fileName: string
  /** Milliseconds of the Unix epoch. */
  readonly createdAt: number
}

const isFansly = ({ upload }: MediaSource): boolean => upload.startsWith('fansly_')

/** Creates what the status `completed` says besides the status: the media, and its cost or its id. */
export const completedMembers = (source: MediaSource): Readonly<Record<string, unknown>> => {
  const media = createMedia(source)
  return isFansly(source) ? { media_id: media['id'], media } : { media, credits_used: 3 }
}

/** Creates the media of a completed upload, in the shape of the platform and the endpoint. */
export const createMedia = (source: MediaSource): Readonly<Record<string, unknown>> => {
  if (isFansly(source)) return fanslyMedia(source)
  switch (source.endpoint) {
    case 'vault':
      return vaultMedia(source)
    case 'upload':
      return cdnMedia(source)
  }
}

const typeByExtension: ReadonlyMap<string, string> = new Map([
  ...['mp4', 'mov', 'm4v', 'webm', 'avi', 'mkv'].map(extension => [extension, 'video'] as const),
  ...['mp3', 'wav', 'm4a', 'ogg', 'aac'].map(extension => [extension, 'audio'] as const),
  ['gif', 'gif'],
])

const mediaType = (fileName: string): string =>
  typeByExtension.get(fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()) ?? 'photo'

// `isReady` is false as in the vendor's example: the vault processes the media after `completed`.
const vaultMedia = ({ seed, upload, fileName, createdAt }: MediaSource) => ({
  id: 1_000_000_000 + Math.floor(seededFraction(seed, `${upload} media`) * 9_000_000_000),
  type: mediaType(fileName),
  convertedToVideo: false,
  canView: true,
  hasError: false,
  createdAt: `${new Date(createdAt).toISOString().slice(0, 19)}+00:00`,
  isReady: false,
  files: {
    full: { url: null, width: 0, height: 0, size: 0, sources: [] },
    thumb: null,
    preview: null,
    squarePreview: null,
  },
  duration: 0,
  releaseForms: [],
  hasCustomPreview: false,
})

// The hosts end in `.example`, which is reserved, so that no client can reach a real server.
const cdnMedia = ({ seed, upload, fileName }: MediaSource) => {
  const hex = seededHex(seed, `${upload} media`)
  const file = hex.slice(0, 32)
  return {
    prefixed_id: `ofapi_media_${hex.slice(32)}`,
    file_name: fileName,
    processId: hex.slice(0, 20),
    host: 'convert3.sandbox.example',
    sourceUrl: `https://transcoder.sandbox.example/upload/${file}/${encodeURIComponent(fileName)}`,
    extra: seededHex(seed, `${upload} extra`),
    additional: { user: '123456789' },
    thumbs: [{ id: 1, url: `https://cdn2.sandbox.example/files/0/00/${file}/300x544_${file}.jpg` }],
  }
}

/** Nineteen digits: beyond 2^53, so that a client which reads a number has another id. */
const snowflake = (seed: number, label: string): string =>
  `7${seededHex(seed, label).replace(/[a-f]/g, '').padEnd(18, '1').slice(0, 18)}`

const fanslyMedia = ({ seed, upload, fileName }: MediaSource) => {
  const type = mediaType(fileName)
  return {
    id: snowflake(seed, `${upload} media`),
    type: type === 'video' ? 2 : 1,
    status: 1,
    accountId: snowflake(seed, 'account'),
    mimetype: type === 'video' ? 'video/mp4' : 'image/jpeg',
    filename: fileName,
    width: 640,
    height: 480,
  }
}
