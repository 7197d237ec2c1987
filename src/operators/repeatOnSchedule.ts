import type { Either } from 'fp-ts/Either'
import {
  asyncScheduler,
  defer,
  EMPTY,
  repeat,
  tap,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs'
import { type UploadStatus, isOutcome } from '../api/status'
import type { Failure } from '../failure/failure'
import { wait$ } from '../runtime/wait'
import { defaultSchedule, waitOf, type Progress, type Schedule } from '../watch/schedule'

/** Where a stage takes its time and its randomness from. Tests hand in their own. */
export interface StageOptions {
  /**
   * Runs the waits, and tells the time.
   *
   * @default asyncScheduler
   */
  readonly scheduler?: SchedulerLike | undefined
  /**
   * Numbers from 0 up to 1.
   *
   * @default Math.random
   */
  readonly random?: (() => number) | undefined
}

/**
 * Subscribes to the source again after each status that is not terminal, when the schedule says so.
 *
 * ```
 * source              --(pending|)
 *                           --(completed|)
 * repeatOnSchedule()  --pending--(completed|)
 *                       ^^^^ the wait that the schedule gives: polls are spaced, never cut off
 * ```
 *
 * - Completes after a terminal status, after a failure, and after a source that emits nothing.
 * - Place it behind `retryTransient`: in front of it, each retry would start the schedule again.
 * - A schedule that throws, or returns no wait, errors the stream: that is a bug, not a failure.
 * - Unsubscribing stops the source, or the wait.
 *
 * What it cannot know: equal statuses in a row are all emitted, and a `Retry-After` of an answer
 * that succeeded is not seen. `uploadStatus$` handles both.
 *
 * @param schedule milliseconds until the next poll; default: a fifth of the age, from 1 to 30 s
 *
 * @example
 * const statuses$ = fetchStatus$('acct_1', 'ofapi_media_1').pipe(
 *   retryTransient(),
 *   repeatOnSchedule(spaced(2_000)),
 * )
 */
export const repeatOnSchedule =
  (
    schedule: Schedule = defaultSchedule,
    { scheduler = asyncScheduler, random = Math.random }: StageOptions = {},
  ): MonoTypeOperatorFunction<Either<Failure, UploadStatus>> =>
  source$ =>
    defer(() => {
      const startedAt = scheduler.now()
      let last: Progress | null = null
      let next: Progress | null = null

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

const progressAfter = (
  before: Progress | null,
  lastStatus: UploadStatus,
  elapsed: number,
): Progress => ({
  polls: (before?.polls ?? 0) + 1,
  elapsed,
  lastStatus,
  unchangedFor:
    before?.lastStatus.status === lastStatus.status
      ? before.unchangedFor + elapsed - before.elapsed
      : 0,
})
