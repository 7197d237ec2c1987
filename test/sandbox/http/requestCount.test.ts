import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { admit, type RateWindow } from '../../../src/sandbox/http/requestCount'

const gaps = fc.array(fc.nat(20_000), { maxLength: 200 })
const limit = fc.integer({ min: 1, max: 10 })

/** Asks at each time, and gives the times that were admitted. */
const admittedOf = (perMinute: number, times: readonly number[]): readonly number[] => {
  let window: RateWindow = []
  return times.filter(now => {
    const admission = admit(perMinute, window, now)
    window = admission.window
    return admission.retryAfter === null
  })
}

const timesOf = (waits: readonly number[]): readonly number[] => {
  let now = 0
  return waits.map(wait => (now += wait))
}

describe('the rate limit', () => {
  test('admits at most so many requests in any 60 s', () => {
    fc.assert(
      fc.property(limit, gaps, (perMinute, waits) => {
        const admitted = admittedOf(perMinute, timesOf(waits))
        for (const start of admitted) {
          const inWindow = admitted.filter(at => at >= start && at < start + 60_000)
          expect(inWindow.length).toBeLessThanOrEqual(perMinute)
        }
      }),
    )
  })

  test('refuses nothing that would fit', () => {
    fc.assert(
      fc.property(limit, gaps, (perMinute, waits) => {
        const times = timesOf(waits)
        const admitted = new Set(admittedOf(perMinute, times))
        for (const now of times.filter(at => !admitted.has(at))) {
          const before = [...admitted].filter(at => at <= now && now - at < 60_000)
          expect(before.length).toBeGreaterThanOrEqual(perMinute - (perMinute > 1 ? 1 : 0))
        }
      }),
    )
  })

  test('admits whoever waits as long as it says, and nobody a second earlier', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(59_999), { minLength: 3, maxLength: 3 }), offsets => {
        const window = [...offsets].sort((a, b) => a - b)
        const { retryAfter } = admit(3, window, 59_999)
        expect(retryAfter).not.toBeNull()
        const wait = (retryAfter ?? 0) * 1_000
        expect(admit(3, window, 59_999 + wait).retryAfter).toBeNull()
        expect(admit(3, window, 59_999 + wait - 1_000).retryAfter).not.toBeNull()
      }),
    )
  })

  test('counts down what remains and gives it back after 60 s', () => {
    const first = admit(2, [], 0)
    const second = admit(2, first.window, 1_000)
    const third = admit(2, second.window, 2_500)
    expect([first, second, third].map(each => each.limits.remaining_minute)).toEqual([1, 0, 0])
    expect([first, second, third].map(each => each.retryAfter)).toEqual([null, null, 58])
    expect(admit(2, third.window, 60_000).limits).toEqual({
      limit_minute: 2,
      remaining_minute: 0,
      limit_day: null,
      remaining_day: null,
    })
  })

  test('keeps no more than it needs', () => {
    const times = Array.from({ length: 1_000 }, (_, at) => at)
    let window: RateWindow = []
    for (const now of times) window = admit(5, window, now).window
    expect(window).toHaveLength(5)
  })
})
