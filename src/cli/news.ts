import type { Either } from 'fp-ts/Either'
import type { WatchEvent } from '../model/event'
import type { Failure } from '../model/failure'
import type { UploadRef } from '../model/identifier'
import type { UploadStatus } from '../model/uploadStatus'

/** A line of standard input that names no upload. The line itself is not kept: it may be a key. */
export interface UnreadableLine {
  /** Counted from 1. */
  readonly line: number
  readonly failure: Failure
}

/** What a display is told while uploads are watched. */
export type News =
  | { readonly kind: 'begun'; readonly ref: UploadRef }
  | { readonly kind: 'happened'; readonly event: WatchEvent }
  | {
      readonly kind: 'learned'
      readonly ref: UploadRef
      readonly status: Either<Failure, UploadStatus>
    }
  | ({ readonly kind: 'unreadable' } & UnreadableLine)

/** One name for one upload. No identifier holds a slash. */
export const keyOf = ({ account, upload }: UploadRef): string => `${account}/${upload}`
