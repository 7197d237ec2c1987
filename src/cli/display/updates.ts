import * as E from 'fp-ts/lib/Either.js'
import { connect, ignoreElements, merge, mergeMap, tap, type MonoTypeOperatorFunction } from 'rxjs'
import type { UploadRef, TrackedStatus } from '../../api/uploadRef'
import type { Failure } from '../../failure/failure'
import { summarize, type Summary } from '../../operators/summarize'
import type { WatchEvent } from '../../watch/event'

/** A line of standard input that names no upload. The text is not kept: it may be an API key. */
export interface InvalidLine {
  /** Counted from 1. */
  readonly line: number
  readonly failure: Failure
}

/** What a display receives while uploads are watched. */
export type Update =
  | { readonly kind: 'started'; readonly ref: UploadRef }
  | { readonly kind: 'event'; readonly event: WatchEvent }
  | ({ readonly kind: 'status' } & TrackedStatus)
  | ({ readonly kind: 'invalidLine' } & InvalidLine)
  | { readonly kind: 'warning'; readonly message: string }

/** The summary before the first status. */
export const emptySummary: Summary = {
  total: 0,
  pending: 0,
  processing: 0,
  completed: 0,
  failed: 0,
  unknown: 0,
  settled: 0,
  fraction: 0,
}

/** An invalid line counts as an upload of unknown status. No account has an empty name. */
const trackedStatuses = (update: Update): readonly TrackedStatus[] => {
  switch (update.kind) {
    case 'started':
    case 'event':
    case 'warning':
      return []
    case 'status':
      return [update]
    case 'invalidLine':
      return [{ account: '', upload: String(update.line), status: E.left(update.failure) }]
  }
}

/**
 * Mirrors the source. Calls `onSummary` with the new totals before each update that changes them.
 */
export const tapSummary = (
  onSummary: (summary: Summary) => void,
): MonoTypeOperatorFunction<Update> =>
  connect(update$ =>
    merge(
      update$.pipe(mergeMap(trackedStatuses), summarize(), tap(onSummary), ignoreElements()),
      update$,
    ),
  )
