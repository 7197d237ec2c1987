import type { Either } from 'fp-ts/Either'
import { defer, map, Observable, retry, type MonoTypeOperatorFunction } from 'rxjs'
import * as E from '../model/either'
import type { Failure } from '../model/failure'
import { after } from './after'
import { noStreak, retryAfterFailure, type RetryPolicy } from './retry'
import { within } from './within'

// The one place where a value crosses to the error rail, so that `retry` can subscribe again.
const again = new Error('again')

const after$ = (ms: number): Observable<void> =>
  new Observable(subscriber =>
    after(ms, () => {
      subscriber.next()
    }),
  )

/**
 * Subscribes again when the source ends with a transient failure, after a backoff with full jitter;
 * the failures in between are not passed on. For sources of `Either` of your own: a watch has its
 * own retries (`options.retry`), and this starts a whole new one.
 *
 * A `Throttled` waits as long as it asks for and spends no retry. A `Right` starts the count anew.
 * Unsubscribing stops the source, or the wait for the next subscription.
 *
 * @param policy.retries in a row, after the first attempt
 * @param policy.base upper bound of the first wait, in milliseconds; it doubles each time
 * @param policy.cap upper bound of any wait, in milliseconds
 * @param policy.random numbers from 0 up to 1; default: `Math.random`
 *
 * @throws RangeError that names what is out of range
 *
 * @example
 * const persistent$ = profile$.pipe(retryTransient({ retries: 3, base: 200, cap: 5_000 }))
 */
export const retryTransient = <A>(
  policy: RetryPolicy & { readonly random?: () => number },
): MonoTypeOperatorFunction<Either<Failure, A>> => {
  const { retries, base, cap, random = Math.random } = policy
  within('retries', retries, 0)
  within('base', base, 0)
  within('cap', cap, 0)
  const rules = { retry: policy, notFoundGrace: 0, random }
  return source$ =>
    defer(() => {
      let streak = noStreak
      let wait = 0
      return source$.pipe(
        map(value => {
          if (E.isRight(value)) {
            streak = noStreak
            return value
          }
          const next = retryAfterFailure(value.left, streak, rules, 0)
          if (next === null) return value
          ;({ wait, streak } = next)
          throw again
        }),
        retry({
          delay: (error: unknown) => {
            if (error !== again) throw error
            return after$(wait)
          },
        }),
      )
    })
}
