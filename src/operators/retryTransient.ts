import type { Either } from 'fp-ts/Either'
import { defer, map, retry, type MonoTypeOperatorFunction } from 'rxjs'
import type { UploadStatus } from '../api/status'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'
import { wait$ } from '../runtime/wait'
import { noStreak, retryAfterFailure, retryPolicyOf, type RetryPolicy } from '../watch/retry'
import { stageOf, type StageOptions } from './stageOptions'

/** Thrown to make `retry` resubscribe. */
const again = new Error()

/**
 * Resubscribes to the source after a transient failure and a backoff with full jitter.
 *
 * ```
 * source            --(u|)                          u: Left(Unavailable), transient
 *                         --(pending|)
 * retryTransient()  ------- --(pending|)
 *                     ^^^^ the backoff
 * ```
 *
 * - Emits a failure only if it is permanent or the retries are exhausted. Then its `attempts` is the
 *   number of subscriptions, and its `elapsed` the milliseconds since the first one.
 * - `Throttled` waits as long as the server requested and spends no retry. A `Right` resets the count.
 * - An error of the source is a bug: it passes through and is never retried.
 * - Unsubscribing cancels the source or the wait.
 *
 * `uploadStatus$` already retries (`options.retry`). This operator is for your own pipelines.
 *
 * @param policy.retries the most consecutive retries after the first attempt
 * @param policy.base the upper bound of the first wait, in milliseconds; it doubles each time
 * @param policy.cap the upper bound of any wait, in milliseconds
 * @throws TypeError or RangeError that names the invalid argument
 *
 * @example
 * const answer$ = fetchStatus$('acct_1', 'ofapi_media_1').pipe(
 *   retryTransient({ retries: 3, base: 200, cap: 5_000 }),
 * )
 */
export const retryTransient = <A = UploadStatus>(
  policy: Partial<RetryPolicy> = {},
  options: StageOptions = {},
): MonoTypeOperatorFunction<Either<Failure, A>> => {
  const { scheduler, random } = stageOf(options)
  const rules = { retry: retryPolicyOf(policy, 'policy'), notFoundGrace: 0, random }
  return source$ =>
    defer(() => {
      const startedAt = scheduler.now()
      let attempts = 0
      let streak = noStreak
      let wait = 0

      const orAgain = (answer: Either<Failure, A>): Either<Failure, A> => {
        if (E.isRight(answer)) {
          streak = noStreak
          return answer
        }
        const next = retryAfterFailure(answer.left, streak, rules, 0)
        if (next !== null) {
          ;({ streak, wait } = next)
          throw again
        }
        return E.left({ ...answer.left, attempts, elapsed: scheduler.now() - startedAt })
      }

      return defer(() => {
        attempts += 1
        return source$
      }).pipe(
        map(orAgain),
        retry({
          delay: (error: unknown) => {
            if (error !== again) throw error
            return wait$(wait, scheduler)
          },
        }),
      )
    })
}
