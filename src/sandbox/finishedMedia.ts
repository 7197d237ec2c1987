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

/** Creates the media of a completed upload, in the shape of the endpoint. */
export const createMedia = (source: MediaSource): Readonly<Record<string, unknown>> => {
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
