import type { Either } from 'fp-ts/Either'
import type { Failure } from '../failure/failure'
import { isRecord } from './parseJson'
import type { FanslyId, PlatformName } from './platformApi'
import type { UploadStatus } from './status'

/** Identifies one upload by its account and its own id. */
export interface UploadRef {
  /** For example `acct_…` or `fansly_acct_…`; not the numeric user id of the platform. */
  readonly account: string
  /** For example `ofapi_media_…` or `fansly_media_…`: the `prefixed_id` of the `202` answer. */
  readonly upload: string
  /**
   * The platform. The ids determine it: Fansly ids begin with `fansly_`. A different one ends the watch
   * with `InvalidRequest`.
   *
   * @default 'fansly' if both ids begin with `fansly_`, 'onlyfans' if neither does
   */
  readonly platform?: PlatformName | undefined
}

/** Identifies one upload to Fansly by its type, so that its statuses have the Fansly types. */
export type FanslyRef = UploadRef &
  ({ readonly upload: FanslyId } | { readonly platform: 'fansly' })

/** An upload to watch, with the time that it is expected to take. */
export interface ExpectedUpload extends UploadRef {
  /**
   * Milliseconds that the upload takes, by your estimate: from the size of the file, for example.
   * Under a tight budget its polls are saved until its end is likely.
   */
  readonly hint?: number | undefined
  /**
   * Of the requests that wait for the budget, those with the highest number are admitted first. None
   * starves: see `requestBudget`. Naming the upload again with another priority changes it, also while
   * its request waits. The queue in Redis ignores it.
   *
   * @default 0
   */
  readonly priority?: number | undefined
}

/** An `ExpectedUpload` to Fansly. See {@link FanslyRef}. */
export type ExpectedFanslyUpload = ExpectedUpload & FanslyRef

/** Removes an upload from a running stream: its watch stops, and nothing more is emitted for it. */
export interface RemovedUpload {
  readonly remove: UploadRef
}

/** An entry in the input of `uploadStatuses$`, that is, an upload to watch or one to remove. */
export type UploadEntry = ExpectedUpload | RemovedUpload

/** The status of one upload of many, or the failure that ended its watch. */
export interface TrackedStatus<Status = UploadStatus> extends UploadRef {
  readonly status: Either<Failure, Status>
}

/** Returns a unique name for each upload, even for invalid ids. */
export const refName = ({ account, upload }: UploadRef): string => JSON.stringify([account, upload])

/**
 * Whether a value is safe in the path of a request: 1 to 128 letters, digits, `_` or `-`.
 *
 * An allow-list, because percent-encoding does not protect: `encodeURIComponent('..')` is `..`, and an
 * upload with that name would reach another endpoint.
 */
export const isIdentifier = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{1,128}$/.test(value)

/** The arguments that identify one upload, followed by options. */
export type RefArguments<Options> =
  | readonly [account: string, upload: string, options?: Options | undefined]
  | readonly [ref: UploadRef, options?: Options | undefined]

const hasRef = <Options>(
  given: RefArguments<Options>,
): given is readonly [ref: UploadRef, options?: Options | undefined] => isRecord(given[0])

/** Parses the arguments of a function that accepts ids or a reference. */
export const readArguments = <Options>(
  given: RefArguments<Options>,
): { readonly ref: UploadRef; readonly options: Options | undefined } => {
  if (!hasRef(given)) return { ref: { account: given[0], upload: given[1] }, options: given[2] }
  const { account, upload, platform } = given[0]
  return { ref: { account, upload, platform }, options: given[1] }
}
