import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { slidingWindow } from '../../src/budget/slidingWindow'
import { heldBy } from '../memory'

describe('slidingWindow', () => {
  test('counts each request until it expires', () => {
    const window = slidingWindow()
    window.add(2, 10)
    window.add(1, 20)
    expect([0, 9, 10, 19, 20].map(window.count)).toEqual([3, 3, 1, 1, 0])
  })

  test('roomAt returns the time at which the count falls below a number', () => {
    const window = slidingWindow()
    window.add(2, 10)
    window.add(1, 20)
    expect([4, 3, 2, 1, 0].map(window.roomAt)).toEqual([-Infinity, 10, 10, 20, Infinity])
  })

  test('roomAt may return a past time until the next count', () => {
    const window = slidingWindow()
    window.add(2, 10)
    expect(window.roomAt(1)).toBe(10)
    window.count(15)
    expect(window.roomAt(1)).toBe(-Infinity)
  })

  test('does not count a request that is added when it has already expired', () => {
    const window = slidingWindow()
    for (const until of [10, 20, 30]) window.add(1, until)
    window.count(10)
    window.add(1, 10)
    expect(window.count(10)).toBe(2)
  })

  test('rounds each expiry up to a whole millisecond', () => {
    const window = slidingWindow()
    window.add(1, 9.2)
    window.add(1, 9.8)
    expect([9.9, 10].map(window.count)).toEqual([2, 0])
  })

  test('drops the requests that expire first, at most as many as it holds', () => {
    const window = slidingWindow()
    window.add(2, 10)
    window.add(3, 20)
    window.drop(-1)
    window.drop(1)
    expect([0, 10].map(window.count)).toEqual([4, 3])
    window.add(2, 30)
    window.drop(4)
    expect([window.count(11), window.roomAt(1)]).toEqual([1, 30])
    window.drop(9)
    window.add(1, 40)
    expect([window.count(12), window.roomAt(1)]).toEqual([1, 40])
  })

  test('frees the memory of expired requests', () => {
    const used = (): readonly unknown[] => {
      const window = slidingWindow()
      for (let now = 0; now < 200_000; now += 1) {
        window.add(1, now + 10)
        window.count(now)
      }
      return [window]
    }
    expect(heldBy(used)).toBeLessThan(1_000_000)
  })

  test('stores all requests that expire in one millisecond as one entry', () => {
    const used = (): readonly unknown[] => {
      const window = slidingWindow()
      for (let nth = 0; nth < 200_000; nth += 1) window.add(1, 9 + nth / 200_000)
      return [window]
    }
    expect(heldBy(used)).toBeLessThan(1_000_000)
  })

  const step = fc.record({
    after: fc.nat({ max: 20 }),
    requests: fc.integer({ min: 1, max: 5 }),
    lasts: fc.nat({ max: 60 }),
  })

  test('counts the same as a plain list of requests', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const window = slidingWindow()
        const ever: { readonly until: number; readonly requests: number }[] = []
        let now = 0
        for (const { after, requests, lasts } of steps) {
          now += after
          window.add(requests, now + lasts)
          ever.push({ until: now + lasts, requests })
          const counted = ever
            .filter(({ until }) => until > now)
            .sort((a, b) => a.until - b.until)
            .flatMap(each => Array<number>(each.requests).fill(each.until))
          expect(window.count(now)).toBe(counted.length)
          for (const fewer of [0, 1, 3, counted.length]) {
            const roomAt = counted[counted.length - fewer]
            expect(window.roomAt(fewer)).toBe(
              counted.length < fewer ? -Infinity : (roomAt ?? Infinity),
            )
          }
        }
      }),
    )
  })
})
