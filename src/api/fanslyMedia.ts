import * as t from 'io-ts'
import { finite, nullable } from '../failure/tolerant'
import { nonEmpty } from './mediaIdentity'

/**
 * The finished media of an upload to Fansly. It may be absent or null, and so may each of its
 * members: the identity is `media_id` beside it, or its `id`. Members that are not named here are
 * kept.
 */
export interface FanslyMedia {
  /** A snowflake: digits, as a text, because most are beyond 2^53. */
  readonly id?: string | null | undefined
  /** A whole number; the vendor does not say what each one means. */
  readonly type?: number | null | undefined
  /** A whole number; 1 is transcoded. */
  readonly status?: number | null | undefined
  readonly mimetype?: string | null | undefined
  readonly filename?: string | null | undefined
  /** Pixels. */
  readonly width?: number | null | undefined
  /** Pixels. */
  readonly height?: number | null | undefined
  /** A snowflake. */
  readonly accountId?: string | null | undefined
}

const text = nullable(t.string)
const number = nullable(finite)

/** Codec of {@link FanslyMedia}. */
export const FanslyMedia: t.Type<FanslyMedia> = t.partial(
  {
    id: nullable(nonEmpty),
    type: number,
    status: number,
    mimetype: text,
    filename: text,
    width: number,
    height: number,
    accountId: text,
  },
  'FanslyMedia',
)

const own = ['mimetype', 'filename', 'accountId']

/**
 * Whether a media is one of Fansly: by a `type` or `status` that is a number, by a member that only
 * Fansly has, or by an `id` that is a snowflake.
 */
export const isFanslyMedia = (media: unknown): media is FanslyMedia => {
  if (!FanslyMedia.is(media)) return false
  const { id, type, status } = media
  return (
    typeof type === 'number' ||
    typeof status === 'number' ||
    own.some(name => name in media) ||
    /^\d{16,20}$/.test(id ?? '')
  )
}
