import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import { invalidRequest, type InvalidRequest } from '../failure/failure'
import { fansly, type CompletedFanslyUpload, type FanslyUploadStatus } from './fansly'
import { mediaIdentity } from './mediaIdentity'
import { onlyfans } from './onlyfans'
import { isRecord } from './parseJson'
import { isFanslyId, type PlatformName } from './platformApi'
import type { CompletedUpload, UploadStatus } from './status'

/** The status of an upload to one platform, for example `UploadStatusOf<'fansly'>`. */
export type UploadStatusOf<Name extends PlatformName> = {
  readonly onlyfans: UploadStatus
  readonly fansly: FanslyUploadStatus
}[Name]

/** The platforms by name. */
export const platforms = { onlyfans, fansly } as const satisfies { [Name in PlatformName]: unknown }

const isPlatformName = (value: unknown): value is PlatformName =>
  value === 'onlyfans' || value === 'fansly'

/** The platform of an id. */
export const platformNameOf = (id: string): PlatformName => (isFanslyId(id) ? 'fansly' : 'onlyfans')

/**
 * Returns the platform of an upload. Either both ids begin with `fansly_`, or neither does. An explicit
 * platform must match the ids.
 */
export const platformOf = (
  account: string,
  upload: string,
  named?: unknown,
): Either<InvalidRequest, PlatformName> => {
  const name = platformNameOf(upload)
  if (platformNameOf(account) !== name)
    return E.left(
      invalidRequest(
        'upload',
        'and account are of different platforms: either both begin with fansly_, or neither',
      ),
    )
  if (named === undefined || named === name) return E.right(name)
  return E.left(
    invalidRequest(
      'platform',
      isPlatformName(named)
        ? `must be ${name}, like the ids: only Fansly ids begin with fansly_`
        : `must be ${Object.keys(platforms).join(' or ')}`,
    ),
  )
}

/** A completed upload of either platform. */
type AnyCompleted = CompletedUpload | CompletedFanslyUpload

const isFanslyUpload = (completed: AnyCompleted): completed is CompletedFanslyUpload =>
  isFanslyId(completed.prefixed_id)

/** Keeps only the identity and the state of the media of a completed upload. */
export function identityOf(completed: CompletedUpload): CompletedUpload
export function identityOf(completed: AnyCompleted): AnyCompleted {
  return isFanslyUpload(completed) ? fansly.identity(completed) : onlyfans.identity(completed)
}

/**
 * Returns the identity of the media of a completed upload, as the server sent it: `media.id`, or else
 * `media_id`. A CDN upload has neither; there it is the `prefixed_id` of the media.
 *
 * On Fansly it is always a string, because most ids are beyond 2^53.
 *
 * @example
 * const idOf = matchStatus({
 *   pending: () => null,
 *   processing: () => null,
 *   completed: mediaId,
 *   failed: () => null,
 * })
 */
export const mediaId = ({
  prefixed_id,
  media,
  media_id,
}: CompletedUpload | CompletedFanslyUpload): number | string => {
  const { id, prefixed_id: handle } = isRecord(media) ? media : {}
  return [id, media_id, handle].find(mediaIdentity.is) ?? prefixed_id
}
