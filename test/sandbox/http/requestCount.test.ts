import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  admit,
  lockedFor,
  noRequests,
  type Admission,
  type RateLimit,
} from '../../../src/sandbox/http/requestCount'

const windowKind = fc.constantFrom<RateLimit['window']>('fixed', 'sliding')
const limit: fc.Arbitrary<RateLimit> = fc.record({
  perMinute: fc.integer({ min: 1, max: 10 }),
  window: windowKind,
  lockout: fc.constant(null),
})
const gaps = fc.array(fc.nat(20_000), { maxLength: 200 })

const timesOf = (waits: readonly number[]): readonly number[] => {
  let now = 0
  return waits.map(wait => (now += wait))
}

/** Sends a request at each time. */
const admissionsOf = (
  limit: RateLimit,
  times: readonly number[],
): readonly (Admission & { readonly at: number })[] => {
  let count = noRequests
  return times.map(at => {
    const admission = admit(limit, count, at)
    count = admission.count
    return { ...admission, at }
  })
}

const admittedOf = (limit: RateLimit, times: readonly number[]): readonly number[] =>
  admissionsOf(limit, times)
    .filter(({ retryAfter }) => retryAfter === null)
    .map(({ at }) => at)

describe('a sliding window', () => {
  test('never admits more than the limit in any 60 s', () => {
    fc.assert(
      fc.property(limit, gaps, (drawn, waits) => {
        const admitted = admittedOf({ ...drawn, window: 'sliding' }, timesOf(waits))
        for (const start of admitted) {
          const inWindow = admitted.filter(at => at >= start && at < start + 60_000)
          expect(inWindow.length).toBeLessThanOrEqual(drawn.perMinute)
        }
      }),
    )
  })

  test('refuses no request within the limit', () => {
    fc.assert(
      fc.property(limit, gaps, (drawn, waits) => {
        const sliding = { ...drawn, window: 'sliding' as const }
        const admissions = admissionsOf(sliding, timesOf(waits))
        for (const { at, retryAfter, count } of admissions) {
          if (retryAfter === null) continue
          expect(count.admitted.filter(each => at - each < 60_000)).toHaveLength(drawn.perMinute)
        }
      }),
    )
  })
})

describe('a fixed window', () => {
  const twoFixed: RateLimit = { perMinute: 2, window: 'fixed', lockout: null }

  test('begins with the first request after the previous window', () => {
    fc.assert(
      fc.property(limit, gaps, (drawn, waits) => {
        const times = timesOf(waits)
        let start = -Infinity
        let admitted = 0
        const expected = times.filter(at => {
          if (at - start >= 60_000) [start, admitted] = [at, 0]
          admitted += 1
          return admitted <= drawn.perMinute
        })
        expect(admittedOf({ ...drawn, window: 'fixed' }, times)).toEqual(expected)
      }),
    )
  })

  test('admits up to twice the limit around its end, unlike a sliding window', () => {
    const times = [0, 59_998, 59_999, 60_000, 60_001]
    expect(admittedOf(twoFixed, times)).toEqual([0, 59_998, 60_000, 60_001])
    expect(admittedOf({ ...twoFixed, window: 'sliding' }, times)).toEqual([0, 59_998, 60_000])
  })

  test('states the remaining requests and the wait in whole seconds', () => {
    const admissions = admissionsOf(twoFixed, [0, 1_000, 2_500, 60_000])
    expect(admissions.map(({ remaining, retryAfter }) => [remaining, retryAfter])).toEqual([
      [1, null],
      [0, null],
      [0, 58],
      [1, null],
    ])
  })
})

describe('every window', () => {
  test('admits a client that waits for Retry-After, and none that retries a second earlier', () => {
    fc.assert(
      fc.property(
        windowKind,
        fc.array(fc.nat(59_999), { minLength: 3, maxLength: 3 }),
        (window, offsets) => {
          const three: RateLimit = { perMinute: 3, window, lockout: null }
          const times = [...offsets].sort((a, b) => a - b)
          const last = times[2] ?? 0
          const { retryAfter, count } = admissionsOf(three, [...times, last]).at(-1) ?? {}
          expect(retryAfter).toEqual(expect.any(Number))
          const wait = (retryAfter ?? 0) * 1_000
          expect(admit(three, count ?? noRequests, last + wait).retryAfter).toBeNull()
          expect(admit(three, count ?? noRequests, last + wait - 1_000).retryAfter).not.toBeNull()
        },
      ),
    )
  })

  test('stores no more times than the limit', () => {
    fc.assert(
      fc.property(limit, gaps, (drawn, waits) => {
        for (const { count } of admissionsOf(drawn, timesOf(waits))) {
          expect(count.admitted.length).toBeLessThanOrEqual(drawn.perMinute)
        }
      }),
    )
  })
})

describe('a lockout', () => {
  const strict: RateLimit = { perMinute: 1, window: 'fixed', lockout: 5_000 }

  test('begins with the third request that does not wait for Retry-After', () => {
    const admissions = admissionsOf(strict, [0, 1, 2, 3, 4])
    expect(admissions.map(({ locked }) => locked)).toEqual([false, false, false, false, true])
    expect(admissions.at(-1)?.retryAfter).toBe(5)
  })

  test('lasts as long as its option', () => {
    const { count = noRequests } = admissionsOf(strict, [0, 1, 2, 3, 4]).at(-1) ?? {}
    expect([4, 5_003, 5_004].map(now => lockedFor(count, now))).toEqual([5, 1, null])
  })

  test('resets its count of early requests when a request is admitted', () => {
    const times = [0, 1, 2, 3, 60_000, 60_001, 60_002, 60_003, 60_004]
    expect(admissionsOf(strict, times).findIndex(({ locked }) => locked)).toBe(8)
  })

  test('never begins without the option', () => {
    const times = Array.from({ length: 100 }, (_, at) => at)
    const lenient = { ...strict, lockout: null }
    expect(admissionsOf(lenient, times).some(({ locked }) => locked)).toBe(false)
  })
})
