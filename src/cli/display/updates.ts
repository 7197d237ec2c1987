import { defer, finalize, tap, type MonoTypeOperatorFunction } from 'rxjs'
import type { UploadRef, TrackedStatus } from '../../api/uploadRef'
import type { Failure } from '../../failure/failure'
import type { WatchEvent } from '../../watch/event'

/** A line of standard input that names no upload. The text is not kept: it may be an API key. */
export interface InvalidLine {
  /** The line number, from 1. */
  readonly line: number
  readonly failure: Failure
}

/** An update of a run, for the displays. */
export type Update =
  | { readonly kind: 'started'; readonly ref: UploadRef }
  /** Standard input removed it before its end. */
  | { readonly kind: 'removed'; readonly ref: UploadRef }
  | { readonly kind: 'event'; readonly event: WatchEvent }
  | ({ readonly kind: 'status' } & TrackedStatus)
  | ({ readonly kind: 'invalidLine' } & InvalidLine)
  | { readonly kind: 'warning'; readonly message: string }
  /** A file of references could not be written. */
  | { readonly kind: 'unwritten'; readonly message: string }

/**
 * Mirrors the source. Calls `onEnd` once: before the completion is passed on, or when the source is
 * unsubscribed from, as it is after a signal.
 */
export const tapEnd =
  <A>(onEnd: () => void): MonoTypeOperatorFunction<A> =>
  source$ =>
    defer(() => {
      let hasEnded = false
      const end = (): void => {
        if (hasEnded) return
        hasEnded = true
        onEnd()
      }
      return source$.pipe(tap({ complete: end }), finalize(end))
    })
