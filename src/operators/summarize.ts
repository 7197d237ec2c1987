import { defer, map, type OperatorFunction } from 'rxjs'
import type { AnyStatus } from '../api/status'
import type { TrackedStatus } from '../api/uploadRef'
import * as E from '../failure/either'

type Phase = AnyStatus['status'] | 'unknown'

/** The number of uploads in each status. */
export interface Summary {
  /** Uploads with at least one value so far. */
  readonly total: number
  readonly pending: number
  readonly processing: number
  readonly completed: number
  readonly failed: number
  /** Uploads whose watch ended with a failure. */
  readonly unknown: number
  /** Uploads that have ended: `completed`, `failed` and `unknown`. */
  readonly settled: number
  /** The settled fraction of the total, from 0 to 1. */
  readonly fraction: number
}

const none = { pending: 0, processing: 0, completed: 0, failed: 0, unknown: 0 }

/** Counts each upload by its latest status. */
const counting = (): ((tracked: TrackedStatus<AnyStatus>) => Summary) => {
  const phases = new Map<string, Map<string, Phase>>()
  let counts: Readonly<Record<Phase, number>> = none
  let total = 0
  return ({ account, upload, status }) => {
    const uploads = phases.get(account) ?? new Map<string, Phase>()
    phases.set(account, uploads)
    const before = uploads.get(upload)
    const phase = E.isLeft(status) ? 'unknown' : status.right.status
    uploads.set(upload, phase)
    if (before === undefined) total += 1
    else counts = { ...counts, [before]: counts[before] - 1 }
    counts = { ...counts, [phase]: counts[phase] + 1 }
    const settled = counts.completed + counts.failed + counts.unknown
    return { total, ...counts, settled, fraction: settled / total }
  }
}

/**
 * Counts the uploads of a stream by status, after each value.
 *
 * ```
 * source       a:pending     b:completed    a:failed|
 * summarize()  {pending: 1}  {pending: 1,   {failed: 1,
 *                             completed: 1}  completed: 1}|
 * ```
 *
 * Each upload is counted once, by its latest value, from its first value on. The stream does not report
 * a removal: an upload that was removed stays in the counts with its latest status.
 *
 * @example
 * uploadStatuses$([{ account: 'acct_1', upload: 'ofapi_media_1' }])
 *   .pipe(summarize())
 *   .subscribe(({ settled, total }) => console.log(`${settled} of ${total}`))
 */
export const summarize = (): OperatorFunction<TrackedStatus<AnyStatus>, Summary> => tracked$ =>
  defer(() => tracked$.pipe(map(counting())))
