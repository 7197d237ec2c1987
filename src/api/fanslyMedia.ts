import * as t from 'io-ts'
import { finite, nullable } from '../failure/tolerant'
import { nonEmpty } from './mediaIdentity'

/**
 * The media of a completed upload to Fansly. The media and each of its members may be absent or null:
 * the identity is its `id`, or `media_id` next to it. Decoding keeps members that are not listed here.
 */
export interface FanslyMedia {
  /** A snowflake id: digits in a string, because most are beyond 2^53. */
  readonly id?: string | null | undefined
  /** An integer. The vendor does not document the values. */
  readonly type?: number | null | undefined
  /** An integer; 1 means transcoded. */
  readonly status?: number | null | undefined
  readonly mimetype?: string | null | undefined
  readonly filename?: string | null | undefined
  /** Pixels. */
  readonly width?: number | null | undefined
  /** Pixels. */
  readonly height?: number | null | undefined
  /** A snowflake id. */
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
 * Whether media is from Fansly: it has a numeric `type` or `status`, a member that only Fansly has, or
 * a snowflake `id`.
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
