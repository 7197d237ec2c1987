import * as t from 'io-ts'
import { finite, nullable, wholeNumber } from '../failure/tolerant'
import type { FanslyMedia } from './fanslyMedia'
import { mediaIdentity, narrower } from './mediaIdentity'

/** One rendition of vault media. The numbers are 0 and `url` is null until the media is ready. */
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

/** A preview. The API sends an object; the published example shows a plain URL. */
export type MediaPreview = MediaFile | string | null | undefined

/**
 * The finished media of `POST /api/{account}/media/vault`. Only its identity is certain; the other
 * members may be absent or null. Decoding keeps members that are not listed here.
 */
export interface VaultMedia {
  /**
   * The id as the server sent it: an integer from 0 to 2^53 - 1, or a string. Absent or null only if the
   * answer has a `media_id` next to `media`. `mediaId` reads either.
   */
  readonly id?: number | string | null | undefined
  /** Currently `photo`, `video`, `gif` or `audio`. */
  readonly type?: string | null | undefined
  /** `files.full.url` is null until this is true. */
  readonly isReady?: boolean | null | undefined
  readonly hasError?: boolean | null | undefined
  readonly canView?: boolean | null | undefined
  readonly convertedToVideo?: boolean | null | undefined
  readonly hasCustomPreview?: boolean | null | undefined
  /** ISO 8601. */
  readonly createdAt?: string | null | undefined
  /** Seconds, possibly fractional; 0 until the media is ready. */
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
 * The finished media of `POST /api/{account}/media/upload`. Only `prefixed_id` is certain. It can be
 * used once, in a post or a message.
 *
 * `prefixed_id`, `sourceUrl` and `extra` are capabilities: anyone who has them can use the media. Keep
 * them out of logs and of pages that others can see.
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

/** A vault media whose identity may be in the `media_id` next to it. */
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

/** Codec of {@link VaultMedia}. Requires `id`. */
export const VaultMedia: t.Type<VaultMedia> = /* @__PURE__ */ narrower(
  vaultMembers,
  t.type({ id: mediaIdentity }),
)

const thumb = t.partial({ id: number, url: text }, 'Thumb')

/** Checks numbers only. Other values are ignored, because a CDN media is identified by `prefixed_id`. */
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

/** Whether OnlyFans media is from a `POST …/media/vault` upload. */
export const isVaultMedia = (media: VaultMedia | CdnMedia | FanslyMedia): media is VaultMedia =>
  vaultMembers.is(media) && !isCdnMedia(media)

/**
 * Whether OnlyFans media is from a `POST …/media/upload` upload. If it also has a numeric `id`, it is
 * from the vault.
 */
export const isCdnMedia = (media: VaultMedia | CdnMedia | FanslyMedia): media is CdnMedia =>
  CdnMedia.is(media) && !(VaultMedia.is(media) && wholeNumber.is(media.id))
