import * as t from 'io-ts'
import { finite, nullable, wholeNumber } from '../failure/tolerant'
import type { FanslyMedia } from './fanslyMedia'
import { mediaIdentity, narrower } from './mediaIdentity'

/** One rendition of a vault media. The numbers are 0 and `url` is null until the media is ready. */
export interface MediaFile {
  readonly url?: string | null | undefined
  /** Pixels. */
  readonly width?: number | null | undefined
  /** Pixels. */
  readonly height?: number | null | undefined
  /** Bytes. */
  readonly size?: number | null | undefined
  readonly sources?: ReadonlyArray<unknown> | null | undefined
}

/** A preview is an object where the API sends one, and was a bare URL in the published example. */
export type MediaPreview = MediaFile | string | null | undefined

/**
 * The finished media of `POST /api/{account}/media/vault`. Only its identity is certain; the rest may
 * be absent or null, and members that are not named here are kept.
 */
export interface VaultMedia {
  /**
   * As the server sent it: a whole number from 0 to 2^53 - 1, or a text. Absent or null only where
   * the answer has a `media_id` beside `media`. `mediaId` reads either.
   */
  readonly id?: number | string | null | undefined
  /** `photo`, `video`, `gif` or `audio` today. */
  readonly type?: string | null | undefined
  /** `files.full.url` is null until this is true. */
  readonly isReady?: boolean | null | undefined
  readonly hasError?: boolean | null | undefined
  readonly canView?: boolean | null | undefined
  readonly convertedToVideo?: boolean | null | undefined
  readonly hasCustomPreview?: boolean | null | undefined
  /** ISO 8601. */
  readonly createdAt?: string | null | undefined
  /** Seconds, perhaps with a fraction; 0 until the media is ready. */
  readonly duration?: number | null | undefined
  readonly files?:
    | {
        readonly full?: MediaFile | null | undefined
        readonly thumb?: MediaPreview
        readonly preview?: MediaPreview
        readonly squarePreview?: MediaPreview
      }
    | null
    | undefined
  readonly releaseForms?: ReadonlyArray<unknown> | null | undefined
}

/**
 * The finished media of `POST /api/{account}/media/upload`. Only `prefixed_id` is certain: it can
 * be used once, in a post or a message.
 *
 * `prefixed_id`, `sourceUrl` and `extra` are capabilities: anyone who has them can use the media. Keep
 * them out of logs and of pages of strangers.
 */
export interface CdnMedia {
  readonly prefixed_id: string
  readonly file_name?: string | null | undefined
  readonly processId?: string | null | undefined
  readonly host?: string | null | undefined
  readonly sourceUrl?: string | null | undefined
  readonly extra?: string | null | undefined
  readonly additional?: { readonly [member: string]: unknown } | null | undefined
  readonly thumbs?:
    | ReadonlyArray<{
        readonly id?: number | null | undefined
        readonly url?: string | null | undefined
      }>
    | null
    | undefined
}

const text = nullable(t.string)
const flag = nullable(t.boolean)
const number = nullable(finite)
const list = nullable(t.readonlyArray(t.unknown))

const MediaFile: t.Type<MediaFile> = t.partial(
  { url: text, width: number, height: number, size: number, sources: list },
  'MediaFile',
)

const preview: t.Type<MediaPreview> = nullable(t.union([t.string, MediaFile]))

const files = t.partial(
  { full: nullable(MediaFile), thumb: preview, preview, squarePreview: preview },
  'MediaFiles',
)

/** A vault media whose identity may stand beside it. */
export const vaultMembers: t.Type<VaultMedia> = t.partial(
  {
    id: nullable(mediaIdentity),
    type: text,
    isReady: flag,
    hasError: flag,
    canView: flag,
    convertedToVideo: flag,
    hasCustomPreview: flag,
    createdAt: text,
    duration: number,
    files: nullable(files),
    releaseForms: list,
  },
  'VaultMedia',
)

/** Codec of {@link VaultMedia}; its `id` is required. */
export const VaultMedia: t.Type<VaultMedia> = /* @__PURE__ */ narrower(
  vaultMembers,
  t.type({ id: mediaIdentity }),
)

const thumb = t.partial({ id: number, url: text }, 'Thumb')

/** What is no number may be anything: a CDN media is known by its `prefixed_id`. */
const otherId = new t.Type(
  wholeNumber.name,
  (u): u is unknown => typeof u !== 'number' || wholeNumber.is(u),
  (u, context) => (typeof u === 'number' ? wholeNumber.validate(u, context) : t.success(u)),
  t.identity,
)

/** Codec of {@link CdnMedia}. */
export const CdnMedia: t.Type<CdnMedia> = t.intersection(
  [
    t.type({ prefixed_id: t.string }, 'CdnMedia'),
    t.partial(
      {
        id: otherId,
        file_name: text,
        processId: text,
        host: text,
        sourceUrl: text,
        extra: text,
        additional: nullable(t.UnknownRecord),
        thumbs: nullable(t.readonlyArray(thumb)),
      },
      'CdnMedia',
    ),
  ],
  'CdnMedia',
)

/** Whether a media of OnlyFans is that of a `POST …/media/vault` upload. */
export const isVaultMedia = (media: VaultMedia | CdnMedia | FanslyMedia): media is VaultMedia =>
  vaultMembers.is(media) && !isCdnMedia(media)

/**
 * Whether a media of OnlyFans is that of a `POST …/media/upload` upload. One that also has a number
 * as `id` is a vault media.
 */
export const isCdnMedia = (media: VaultMedia | CdnMedia | FanslyMedia): media is CdnMedia =>
  CdnMedia.is(media) && !(VaultMedia.is(media) && wholeNumber.is(media.id))
