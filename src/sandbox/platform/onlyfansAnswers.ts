import {
  fileKind,
  isEmpty,
  type JsonObject,
  type MediaSource,
  type Platform,
} from './imitatedPlatform'

/** OnlyFans: a vault media has a number as id; a CDN media can be used once. */
export const onlyfans: Platform = {
  name: 'onlyfans',
  uploadPrefix: 'ofapi_media_',
  startPaths: { vault: '/api/{account}/media/vault', upload: '/api/{account}/media/upload' },
  statusPath: '/api/{account}/media/uploads/{upload}/status',
  checkFields: (endpoint, fields) => {
    const type = fields.get('type')
    return endpoint === 'vault' || isEmpty(type) || types.some(known => known === type)
      ? null
      : `The type field must be one of ${types.join(', ')}.`
  },
  completed: source => ({
    media: source.endpoint === 'vault' ? vaultMedia(source) : cdnMedia(source),
    credits_used: source.creditsUsed,
  }),
  finished: (source, meta) =>
    source.endpoint === 'vault'
      ? { data: vaultMedia(source), _meta: meta }
      : { ...cdnMedia(source), note },
}

const types = ['default', 'avatar', 'header'] as const

const note = 'Use the prefixed_id once, in a post or a message. The media is not in the vault.'

// `isReady` is false as in the vendor's example: the vault processes the media after `completed`.
const vaultMedia = ({ hex, fileName, createdAt }: MediaSource): JsonObject => ({
  id: 1_000_000_000 + Math.floor(fractionOf(hex('media')) * 9_000_000_000),
  type: fileKind(fileName),
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
const cdnMedia = ({ hex, fileName }: MediaSource): JsonObject => {
  const digits = hex('media')
  const file = digits.slice(0, 32)
  return {
    prefixed_id: `ofapi_media_${digits.slice(32)}`,
    file_name: fileName,
    processId: digits.slice(0, 20),
    host: 'convert3.sandbox.example',
    sourceUrl: `https://transcoder.sandbox.example/upload/${file}/${encodeURIComponent(fileName)}`,
    extra: hex('extra'),
    additional: { user: '123456789' },
    thumbs: [{ id: 1, url: `https://cdn2.sandbox.example/files/0/00/${file}/300x544_${file}.jpg` }],
  }
}

const fractionOf = (hex: string): number => Number.parseInt(hex.slice(0, 13), 16) / 2 ** 52
