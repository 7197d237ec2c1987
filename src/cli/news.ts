import type { WatchEvent } from '../model/event'
import type { Failure } from '../model/failure'
import type { UploadRef } from '../model/identifier'
import type { TrackedStatus } from '../model/trackedStatus'

/** A line of standard input that names no upload. The line itself is not kept: it may be a key. */
export interface UnreadableLine {
  /** Counted from 1. */
  readonly line: number
  readonly failure: Failure
}

/** What a display receives while uploads are watched. */
export type News =
  | { readonly kind: 'begun'; readonly ref: UploadRef }
  | { readonly kind: 'happened'; readonly event: WatchEvent }
  | ({ readonly kind: 'learned' } & TrackedStatus)
  | ({ readonly kind: 'unreadable' } & UnreadableLine)
  | { readonly kind: 'warning'; readonly message: string }
