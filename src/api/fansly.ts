import * as t from 'io-ts'
import { fastPath, finite, nullable } from '../failure/tolerant'
import { isRecord } from './parseJson'
import { FanslyMedia } from './fanslyMedia'
import { narrower, nonEmpty } from './mediaIdentity'
import type { PlatformApi } from './platformApi'
import { FailedUpload, PendingUpload, ProcessingUpload } from './status'

/** The upload to Fansly is completed. Terminal. `mediaId` reads the identity of the media. */
export interface CompletedFanslyUpload {
  readonly status: 'completed'
  readonly prefixed_id: string
  /** A snowflake id: digits in a string. It can be used any number of times. */
  readonly media_id?: string | null | undefined
  readonly media?: FanslyMedia | null | undefined
  readonly credits_used?: number | null | undefined
}

/** The status of an upload to Fansly, discriminated by `status`. */
export type FanslyUploadStatus =
  PendingUpload | ProcessingUpload | CompletedFanslyUpload | FailedUpload

const members: t.Type<Omit<CompletedFanslyUpload, 'status' | 'prefixed_id'>> = t.partial({
  media_id: nullable(nonEmpty),
  media: nullable(FanslyMedia),
  credits_used: nullable(finite),
})

const hasMediaId = t.type({ media_id: nonEmpty })
const hasMedia = t.type({ media: t.type({ id: nonEmpty }) })

/** Requires one of the two identities. */
const identified: t.Type<unknown> = new t.Type(
  'identified',
  (u): u is unknown => hasMediaId.is(u) || hasMedia.is(u),
  (u, context) => {
    if (hasMediaId.is(u) || hasMedia.is(u)) return t.success(u)
    return (isRecord(u) && isRecord(u['media']) ? hasMedia : hasMediaId).validate(u, context)
  },
  t.identity,
)

const CompletedFanslyUpload: t.Type<CompletedFanslyUpload> = t.intersection(
  [
    t.type({ status: t.literal('completed'), prefixed_id: t.string }),
    narrower(members, identified),
  ],
  'CompletedFanslyUpload',
)

/** Codec of {@link FanslyUploadStatus}. */
export const FanslyUploadStatus: t.Type<FanslyUploadStatus> = /* @__PURE__ */ fastPath(
  t.union(
    [PendingUpload, ProcessingUpload, CompletedFanslyUpload, FailedUpload],
    'FanslyUploadStatus',
  ),
)

/** Fansly. All ids are strings, also those of media. */
export const fansly: PlatformApi<FanslyUploadStatus, CompletedFanslyUpload> = {
  name: 'fansly',
  path: '/api/fansly',
  account: 'fansly_acct_',
  upload: 'fansly_media_',
  status: FanslyUploadStatus,
  identity: ({ status, prefixed_id, media_id, media }) => ({
    status,
    prefixed_id,
    media_id,
    media: media && { id: media.id, type: media.type, status: media.status },
  }),
}
