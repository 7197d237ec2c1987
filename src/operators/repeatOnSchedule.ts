import type { Either } from 'fp-ts/Either'
import { defer, EMPTY, repeat, tap, type MonoTypeOperatorFunction } from 'rxjs'
import { type AnyStatus, type UploadStatus, isOutcome } from '../api/status'
import type { Failure } from '../failure/failure'
import { wait$ } from '../runtime/wait'
import {
  checkedSchedule,
  defaultSchedule,
  waitOf,
  type Progress,
  type Schedule,
} from '../watch/schedule'
import { stageOf, type StageOptions } from './stageOptions'

/**
 * Resubscribes to the source after each status that is not terminal, when the schedule says so.
 *
 * ```
 * source              --(pending|)
 *                           --(completed|)
 * repeatOnSchedule()  --pending--(completed|)
 *                       ^^^^ the wait from the schedule: polls are spaced and never overlap
 * ```
 *
 * - Completes after a terminal status, after a failure, and after a source that emits nothing.
 * - Place it after `retryTransient`. If it came first, each retry would restart the schedule.
 * - A schedule that throws, or returns an invalid wait, errors the stream: that is a bug, not a failure.
 * - Unsubscribing cancels the source or the wait.
 *
 * It emits repeated equal statuses, and it does not see the `Retry-After` of a successful answer.
 * `uploadStatus$` handles both.
 *
 * @param schedule milliseconds until the next poll; by default a fifth of the elapsed time, from 1 to 30 s
 * @throws TypeError that names the invalid argument
 *
 * @example
 * const statuses$ = fetchStatus$('acct_1', 'ofapi_media_1').pipe(
 *   retryTransient(),
 *   repeatOnSchedule(spaced(2_000)),
 * )
 */
export function repeatOnSchedule<
  Value extends Either<Failure, AnyStatus> = Either<Failure, UploadStatus>,
>(schedule?: Schedule, options?: StageOptions): MonoTypeOperatorFunction<Value>
export function repeatOnSchedule(
  schedule: Schedule = defaultSchedule,
  options: StageOptions = {},
): MonoTypeOperatorFunction<Either<Failure, UploadStatus>> {
  checkedSchedule(schedule)
  const { scheduler, random } = stageOf(options)
  return source$ =>
    defer(() => {
      const startedAt = scheduler.now()
      let last: Answered | null = null
      let next: Answered | null = null

      const note = (answer: Either<Failure, UploadStatus>): void => {
        next = isOutcome(answer)
          ? null
          : progressAfter(last, answer.right, scheduler.now() - startedAt)
      }

      return source$.pipe(
        tap(note),
        repeat({
          delay: () => {
            if (next === null) return EMPTY
            last = next
            next = null
            return wait$(waitOf(schedule, last, random), scheduler)
          },
        }),
      )
    })
}

/** The progress after an answer. Here it always has a status. */
interface Answered extends Progress {
  readonly lastStatus: UploadStatus
}

const progressAfter = (
  before: Answered | null,
  lastStatus: UploadStatus,
  elapsed: number,
): Answered => ({
  polls: (before?.polls ?? 0) + 1,
  elapsed,
  lastStatus,
  unchangedFor:
    before?.lastStatus.status === lastStatus.status
      ? before.unchangedFor + elapsed - before.elapsed
      : 0,
})
