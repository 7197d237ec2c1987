import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  cancelled,
  expired,
  invalidRequest,
  malformed,
  rejected,
  throttled,
  timedOut,
  unavailable,
  unreachable,
  type Failure,
} from '../../src/failure/failure'
import { longestTimer } from '../../src/runtime/clock'
import {
  defaultRetry,
  noStreak,
  retryAfterFailure,
  type Retry,
  type RetryPolicy,
  type RetryRules,
} from '../../src/watch/retry'
import { isTransient } from '../../src/failure/match'

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const wait = fc.integer({ min: 1, max: longestTimer })
const maybeWait = fc.option(wait)
const policy: fc.Arbitrary<RetryPolicy> = fc.record({
  retries: fc.nat(100),
  base: fc.nat(60_000),
  cap: fc.nat(600_000),
})

const transient: fc.Arbitrary<Failure> = fc.oneof(
  fc.constant(unreachable('ECONNRESET')),
  fc.constant(timedOut('headers', 10_000)),
  maybeWait.map(retryAfter => unavailable(503, retryAfter)),
  fc.constant(malformed('shape')),
)
const permanent: readonly Failure[] = [
  unreachable('CERT_HAS_EXPIRED', true),
  malformed('oversized'),
  rejected(403),
  rejected(404),
  invalidRequest('upload', 'is not legal'),
  expired(1),
  cancelled('page left'),
]

const rules: RetryRules = { retry: defaultRetry, notFoundGrace: 0, random: () => 0.5 }

/** The retries after consecutive failures, starting from a success. */
const inARow = (
  failures: readonly Failure[],
  by: RetryRules = rules,
  now = 0,
): readonly (Retry | null)[] => {
  let streak = noStreak
  return failures.map(failure => {
    const retry = retryAfterFailure(failure, streak, by, now)
    if (retry !== null) ({ streak } = retry)
    return retry
  })
}

const waitsOf = (retries: readonly (Retry | null)[]): readonly (number | null)[] =>
  retries.map(retry => retry && retry.wait)

/**
 * The probability that full-jitter waits up to these bounds add up to less than a time. Waits are
 * rounded down to 20 ms, so that the true one is lower.
 */
const probabilityWithin = (bounds: readonly number[], time: number): number => {
  const step = 20
  let chances: readonly number[] = Array.from({ length: time / step }, (_, sum) =>
    sum === 0 ? 1 : 0,
  )
  for (const bound of bounds) {
    const waits = Math.round(bound / step)
    let part = 0
    chances = chances.map((_, sum) => {
      part += ((chances[sum] ?? 0) - (chances[sum - waits] ?? 0)) / waits
      return part
    })
  }
  return chances.reduce((all, chance) => all + chance, 0)
}

describe('the default retries', () => {
  const bounds = waitsOf(
    inARow(Array<Failure>(22).fill(unavailable(503)), { ...rules, random: () => 1 }),
  ).flatMap(bound => bound ?? [])

  test('are 21, after waits of at most 0.5, 1, 2, 4, 8, 16 and then 20 s', () => {
    expect(defaultRetry).toEqual({ retries: 21, base: 500, cap: 20_000 })
    expect(bounds.slice(0, 7)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000])
    expect(bounds).toHaveLength(21)
  })

  test('take 166 s on average', () => {
    expect(bounds.reduce((sum, bound) => sum + bound / 2, 0)).toBe(165_750)
  })

  test('outlast an outage of 60 s in all but one of a million watches', () => {
    expect(probabilityWithin([1_000], 500)).toBeCloseTo(0.5)
    const lost = probabilityWithin(bounds, 60_000)
    expect(lost).toBeGreaterThan(3e-7)
    expect(lost).toBeLessThan(5e-7)
  })
})

describe('a transient failure', () => {
  test('is retried up to the limit of the policy, after growing waits up to its cap', () => {
    fc.assert(
      fc.property(policy, fraction, (retry, part) => {
        const by = { ...rules, retry, random: () => part }
        const failures = Array<Failure>(retry.retries + 1).fill(unreachable('ECONNRESET'))
        const results = inARow(failures, by)
        expect(results.at(-1)).toBeNull()
        for (const [at, result] of results.slice(0, -1).entries()) {
          expect(result?.wait).toBeGreaterThanOrEqual(0)
          expect(result?.wait).toBeLessThanOrEqual(Math.min(retry.cap, retry.base * 2 ** at))
          expect(result?.streak.retries).toBe(at + 1)
        }
      }),
    )
  })

  test('with a Retry-After is retried after that time plus 1 %, plus up to 10 % of jitter', () => {
    fc.assert(
      fc.property(wait, fraction, (retryAfter, part) => {
        const retry = retryAfterFailure(
          unavailable(503, retryAfter),
          noStreak,
          { ...rules, retry: { retries: 1, base: 0, cap: 0 }, random: () => part },
          0,
        )
        expect(retry?.wait).toBeGreaterThanOrEqual(1.01 * retryAfter)
        expect(retry?.wait).toBeLessThanOrEqual(1.11 * retryAfter)
        expect(retry?.streak.retries).toBe(1)
      }),
    )
  })

  test('is retried after the longer of its Retry-After and the backoff', () => {
    const retry = { retries: 5, base: 1_000, cap: 1_000 }
    const half = { ...rules, retry }
    expect(waitsOf(inARow([unavailable(503, 100)], half))).toEqual([500])
    expect(waitsOf(inARow([unavailable(503, 1_000)], half))).toEqual([1_060])
  })
})

describe('an answer that breaks the contract', () => {
  const broken = malformed('notJson')

  test('is retried at most three times in a row', () => {
    const many = { ...rules, retry: { ...defaultRetry, retries: 100 } }
    const waits = waitsOf(inARow(Array<Failure>(4).fill(broken), many))
    expect(waits).toEqual([250, 500, 1_000, null])
  })

  test('is retried no more often than the policy allows', () => {
    const one = { ...rules, retry: { ...defaultRetry, retries: 1 } }
    expect(waitsOf(inARow([broken, broken], one))).toEqual([250, null])
  })

  test('is counted from zero after another transient failure', () => {
    const many = { ...rules, retry: { ...defaultRetry, retries: 100 } }
    const results = inARow([broken, broken, broken, unavailable(503), broken, broken, broken], many)
    expect(results).not.toContain(null)
    expect(results.map(result => result?.streak.malformed)).toEqual([1, 2, 3, 0, 1, 2, 3])
  })

  test('is not counted from zero after a 429', () => {
    const results = inARow([broken, broken, broken, throttled(1_000), broken])
    expect(results.map(result => result?.streak.malformed)).toEqual([1, 2, 3, 3, undefined])
  })
})

describe('a permanent failure', () => {
  test.each(permanent)('with the tag $_tag is never retried', failure => {
    expect(isTransient(failure)).toBe(false)
    expect(inARow([failure])).toEqual([null])
  })
})

describe('a 429', () => {
  test('is retried no sooner than its Retry-After, and spends no retry', () => {
    fc.assert(
      fc.property(policy, fc.array(wait), fraction, (retry, asked, part) => {
        const by = { ...rules, retry, random: () => part }
        const results = inARow(
          asked.map(ms => throttled(ms)),
          by,
        )
        for (const [at, result] of results.entries()) {
          const ms = asked[at] ?? NaN
          expect(result?.wait).toBeGreaterThanOrEqual(1.01 * ms)
          expect(result?.wait).toBeLessThanOrEqual(1.11 * ms)
          expect(result?.streak).toEqual({ ...noStreak, unspent: at + 1 })
        }
      }),
    )
  })

  test('without a Retry-After backs off from the base, and spends no retry', () => {
    const results = inARow(Array<Failure>(8).fill(throttled(null)))
    expect(waitsOf(results)).toEqual([750, 1_000, 1_500, 2_500, 4_500, 8_500, 10_500, 10_500])
    expect(results.map(result => result?.streak.retries)).toEqual(Array(8).fill(0))
  })

  test('without a Retry-After is never retried immediately, whatever the policy', () => {
    fc.assert(
      fc.property(policy, fraction, fc.nat(2_000), (retry, part, unspent) => {
        const by = { ...rules, retry, random: () => part }
        const next = retryAfterFailure(throttled(null), { ...noStreak, unspent }, by, 0)
        expect(next?.wait).toBeGreaterThan(0)
      }),
      { examples: [[{ retries: 0, base: 0, cap: 0 }, 0.5, 0]] },
    )
  })

  test('without a Retry-After waits from the base to the base plus the cap', () => {
    fc.assert(
      fc.property(policy, fraction, fc.nat(20), (retry, part, unspent) => {
        const by = { ...rules, retry, random: () => part }
        const next = retryAfterFailure(throttled(null), { ...noStreak, unspent }, by, 0)
        fc.pre(retry.base > 0)
        expect(next?.wait).toBeGreaterThanOrEqual(retry.base)
        expect(next?.wait).toBeLessThanOrEqual(retry.base + retry.cap)
      }),
    )
  })

  test('does not change the count of other failures', () => {
    const two = { ...rules, retry: { ...defaultRetry, retries: 2 } }
    const [reset, busy] = [unreachable('ECONNRESET'), throttled(1_000)]
    const results = inARow([reset, busy, reset, busy, reset], two)
    expect(results.map(result => result?.streak.retries)).toEqual([1, 1, 2, 2, undefined])
  })
})

describe('a shortage of local resources', () => {
  test('spends no retry, unlike another lost connection', () => {
    const unspentAfter = (failure: Failure): number | undefined =>
      retryAfterFailure(failure, noStreak, rules, 0)?.streak.unspent
    expect(unspentAfter(unreachable('EMFILE'))).toBe(1)
    expect(unspentAfter(unreachable('ECONNRESET'))).toBe(0)
  })

  test('is not recognized in an error code of the API', () => {
    expect(retryAfterFailure(rejected(400, 'EMFILE'), noStreak, rules, 0)).toBeNull()
  })
})

describe('a 404', () => {
  const grace = { ...rules, notFoundGrace: 1_000 }

  test('is retried within its grace, never immediately, and spends no retry', () => {
    const next = retryAfterFailure(rejected(404), noStreak, grace, 999)
    expect(next).toEqual({ wait: 750, streak: { ...noStreak, retries: 0, unspent: 1 } })
  })

  test('is final when its grace is over', () => {
    expect(retryAfterFailure(rejected(404), noStreak, grace, 1_000)).toBeNull()
  })

  test('has no grace period by default', () => {
    expect(retryAfterFailure(rejected(404), noStreak, rules, 0)).toBeNull()
  })

  test('has a grace, unlike another rejection or an Unavailable with status 404', () => {
    expect(retryAfterFailure(rejected(410), noStreak, grace, 0)).toBeNull()
    const next = retryAfterFailure(unavailable(404), noStreak, grace, 0)
    expect(next?.streak).toEqual({ ...noStreak, retries: 1, unspent: 0 })
  })
})

test('retryAfterFailure depends only on its arguments and does not change them', () => {
  fc.assert(
    fc.property(transient, policy, fraction, fc.nat(100_000), (failure, retry, part, now) => {
      const by = { ...rules, retry, random: () => part }
      const streak = Object.freeze({ ...noStreak })
      const first = retryAfterFailure(Object.freeze(failure), streak, by, now)
      expect(retryAfterFailure(failure, streak, by, now)).toEqual(first)
    }),
  )
})
