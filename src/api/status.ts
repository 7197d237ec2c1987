import type { Either, Right } from 'fp-ts/Either'
import * as t from 'io-ts'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'
import { fastPath, finite, nullable } from '../failure/tolerant'
import { CdnMedia, VaultMedia, vaultMembers } from './media'
import { mediaIdentity } from './mediaIdentity'

/** The upload is queued. Another status follows. */
export interface PendingUpload {
  readonly status: 'pending'
  readonly prefixed_id: string
}

/** The upload is being downloaded or uploaded. Another status follows. */
export interface ProcessingUpload {
  readonly status: 'processing'
  readonly prefixed_id: string
}

/** The upload is completed, and `media` is the result. Terminal. */
export interface CompletedUpload {
  readonly status: 'completed'
  readonly prefixed_id: string
  /**
   * Distinguish the two shapes with `isVaultMedia` and `isCdnMedia`. The media of a CDN upload has its own
   * `prefixed_id`: the vendor determines whether to use that one or the upload's.
   */
  readonly media: VaultMedia | CdnMedia
  /** The identity of the media if `media` has no `id`, as in some answers. `mediaId` reads either. */
  readonly media_id?: number | string | null | undefined
  readonly credits_used?: number | null | undefined
}

/**
 * The upload failed, and `error` is the reason. Terminal. This is a status, so it arrives as a `Right`;
 * a `Failure` means that the status is not known.
 */
export interface FailedUpload {
  readonly status: 'failed'
  readonly prefixed_id: string
  readonly error: string
}

/** The status of an upload, discriminated by `status`. */
export type UploadStatus = PendingUpload | ProcessingUpload | CompletedUpload | FailedUpload

/** A status that no other status follows. */
export type TerminalStatus = CompletedUpload | FailedUpload

/** The part of a status that both platforms share. */
export type AnyStatus = Pick<UploadStatus, 'status'>

/** The terminal statuses of a platform: `TerminalOf<FanslyUploadStatus>`. */
export type TerminalOf<Status extends AnyStatus> = Extract<
  Status,
  { readonly status: TerminalStatus['status'] }
>

/** The terminal statuses among the values of a watch: `TerminalIn<Either<Failure, UploadStatus>>`. */
export type TerminalIn<Value> = TerminalOf<
  Value extends Right<infer Status extends AnyStatus> ? Status : never
>

/** Codec of {@link PendingUpload}. */
export const PendingUpload: t.Type<PendingUpload> = t.type(
  { status: t.literal('pending'), prefixed_id: t.string },
  'PendingUpload',
)

/** Codec of {@link ProcessingUpload}. */
export const ProcessingUpload: t.Type<ProcessingUpload> = t.type(
  { status: t.literal('processing'), prefixed_id: t.string },
  'ProcessingUpload',
)

type Finished = Omit<CompletedUpload, 'status' | 'prefixed_id'>

const finished = (media: t.Type<VaultMedia>): t.Type<Finished> =>
  t.intersection([
    t.type({ media: t.union([media, CdnMedia]) }),
    t.partial({ media_id: nullable(mediaIdentity), credits_used: nullable(finite) }),
  ])

const withId = /* @__PURE__ */ finished(VaultMedia)
const besideMediaId = /* @__PURE__ */ finished(vaultMembers)
const hasMediaId = /* @__PURE__ */ t.type({ media_id: mediaIdentity })

/** A media with its identity, either in `media` or in `media_id`. */
const Finished: t.Type<Finished> = new t.Type(
  'Finished',
  (u): u is Finished => withId.is(u) || (hasMediaId.is(u) && besideMediaId.is(u)),
  (u, context) => (hasMediaId.is(u) ? besideMediaId : withId).validate(u, context),
  t.identity,
)

/** Codec of {@link CompletedUpload}. */
export const CompletedUpload: t.Type<CompletedUpload> = /* @__PURE__ */ t.intersection(
  [t.type({ status: t.literal('completed'), prefixed_id: t.string }), Finished],
  'CompletedUpload',
)

/** Codec of {@link FailedUpload}. */
export const FailedUpload: t.Type<FailedUpload> = t.type(
  { status: t.literal('failed'), prefixed_id: t.string, error: t.string },
  'FailedUpload',
)

/** Codec of {@link TerminalStatus}. */
export const TerminalStatus: t.Type<TerminalStatus> = /* @__PURE__ */ t.union(
  [CompletedUpload, FailedUpload],
  'TerminalStatus',
)

/**
 * Codec of {@link UploadStatus}. Strict about the members that a caller needs (`status`, `prefixed_id`,
 * the identity of `media`, `error`), tolerant about the others. Keeps unknown members.
 *
 * @example
 * const decoded = UploadStatus.decode({ status: 'pending', prefixed_id: 'ofapi_media_1' })
 */
export const UploadStatus: t.Type<UploadStatus> = /* @__PURE__ */ fastPath(
  t.union([PendingUpload, ProcessingUpload, CompletedUpload, FailedUpload], 'UploadStatus'),
)

/** Whether no other status follows this one. */
export const isTerminal = <Status extends AnyStatus>(
  status: Status,
): status is TerminalOf<Status> => status.status === 'completed' || status.status === 'failed'

const stage = { pending: 0, processing: 1, completed: 2, failed: 2 }

/** Whether an upload reaches a status after another one. */
export const isLater = (status: AnyStatus, than: AnyStatus): boolean =>
  stage[status.status] > stage[than.status]

/** Whether a value ends a watch: a terminal status or a failure. */
export const isOutcome = <Status extends AnyStatus>(
  value: Either<Failure, Status>,
): value is Either<Failure, TerminalOf<Status>> => E.isLeft(value) || isTerminal(value.right)
