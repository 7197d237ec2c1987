import type { Either } from 'fp-ts/Either'
import type { Failure } from '../failure/failure'
import { isRecord } from './parseJson'
import type { FanslyId, PlatformName } from './platformApi'
import type { UploadStatus } from './status'

/** Names one upload: the account that owns it and the upload's own id. */
export interface UploadRef {
  /** Like `acct_…` or `fansly_acct_…`; not the numeric user id of the platform. */
  readonly account: string
  /** Like `ofapi_media_…` or `fansly_media_…`; the `prefixed_id` of the `202` answer. */
  readonly upload: string
  /**
   * The ids say it: those of Fansly begin with `fansly_`. If it is named too, it must be the same;
   * otherwise the watch ends with `InvalidRequest`.
   *
   * @default 'fansly' if both ids begin with `fansly_`, 'onlyfans' if neither does
   */
  readonly platform?: PlatformName | undefined
}

/** Names one upload to Fansly, as its type says: the statuses that follow from it are of Fansly. */
export type FanslyRef = UploadRef &
  ({ readonly upload: FanslyId } | { readonly platform: 'fansly' })

/** An upload to watch, and how long it is expected to take, in milliseconds. */
export interface ExpectedUpload extends UploadRef {
  /**
   * Milliseconds that the upload will take by your estimate, for instance from the size of the file.
   * Under a tight budget its polls are saved until its end is likely.
   */
  readonly hint?: number | undefined
  /**
   * Of the requests that wait for the budget, those with the highest number are admitted first. None
   * starves: see `requestBudget`. An upload that is named again with another one takes that from then
   * on, also while its request waits. The queue in Redis ignores it.
   *
   * @default 0
   */
  readonly priority?: number | undefined
}

/** An `ExpectedUpload` of Fansly; see {@link FanslyRef}. */
export type ExpectedFanslyUpload = ExpectedUpload & FanslyRef

/** Takes an upload out of a stream that runs: its watch stops, and nothing more is emitted for it. */
export interface RemovedUpload {
  readonly remove: UploadRef
}

/** What the input of `uploadStatuses$` may hold: an upload to watch, or one to remove. */
export type UploadEntry = ExpectedUpload | RemovedUpload

/** The status of one upload of many, or the failure that ended its watch. */
export interface TrackedStatus<Status = UploadStatus> extends UploadRef {
  readonly status: Either<Failure, Status>
}

/** One name for each upload; no two have the same, valid or not. */
export const refName = ({ account, upload }: UploadRef): string => JSON.stringify([account, upload])

/**
 * Whether a value may stand in the path of a request: 1 to 128 letters, digits, `_` or `-`.
 *
 * An allow-list, because percent-encoding is no protection here: `encodeURIComponent('..')` is
 * `..`, and an upload of that name would reach another endpoint.
 */
export const isIdentifier = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{1,128}$/.test(value)

/** What names one upload as arguments, and the options behind it. */
export type RefArguments<Options> =
  | readonly [account: string, upload: string, options?: Options | undefined]
  | readonly [ref: UploadRef, options?: Options | undefined]

const hasRef = <Options>(
  given: RefArguments<Options>,
): given is readonly [ref: UploadRef, options?: Options | undefined] => isRecord(given[0])

/** Reads the arguments of a function that takes ids or a reference. */
export const readArguments = <Options>(
  given: RefArguments<Options>,
): { readonly ref: UploadRef; readonly options: Options | undefined } => {
  if (!hasRef(given)) return { ref: { account: given[0], upload: given[1] }, options: given[2] }
  const { account, upload, platform } = given[0]
  return { ref: { account, upload, platform }, options: given[1] }
}
