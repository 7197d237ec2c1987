import * as E from 'fp-ts/lib/Either.js'
import {
  combineLatest,
  connect,
  defer,
  filter,
  finalize,
  ignoreElements,
  merge,
  mergeMap,
  scan,
  startWith,
  tap,
  type MonoTypeOperatorFunction,
} from 'rxjs'
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
  /** A file of references could not be written. */
  | { readonly kind: 'unwritten'; readonly message: string }

/** The counts of a run. Every display and the JSON summary use these words. */
export interface Totals extends Summary {
  /** Uploads of which no status has arrived yet. */
  readonly waiting: number
}

/** The totals before the first upload. */
export const noTotals: Totals = {
  total: 0,
  waiting: 0,
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
    case 'unwritten':
      return []
    case 'status':
      return [update]
    case 'invalidLine':
      return [{ account: '', upload: String(update.line), status: E.left(update.failure) }]
  }
}

const isListed = ({ kind }: Update): boolean => kind === 'started' || kind === 'invalidLine'

const totalsOf = (listed: number, summary: Summary): Totals => ({
  ...noTotals,
  ...summary,
  total: listed,
  waiting: listed - summary.total,
  fraction: listed === 0 ? 0 : summary.settled / listed,
})

/**
 * Mirrors the source. Calls `onTotals` with the new totals before each update that changes them.
 */
export const tapTotals = (onTotals: (totals: Totals) => void): MonoTypeOperatorFunction<Update> =>
  connect(update$ =>
    merge(
      combineLatest([
        update$.pipe(
          filter(isListed),
          scan(listed => listed + 1, 0),
        ),
        update$.pipe(mergeMap(trackedStatuses), summarize(), startWith(noTotals)),
      ]).pipe(
        tap(([listed, summary]) => {
          onTotals(totalsOf(listed, summary))
        }),
        ignoreElements(),
      ),
      update$,
    ),
  )

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
