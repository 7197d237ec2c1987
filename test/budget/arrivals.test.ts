import { describe, expect, test } from '@jest/globals'
import { arrivals } from '../../src/budget/arrivals'

const minute = 60_000

describe('the arrivals of uploads', () => {
  test('are none at first', () => {
    expect(arrivals().perMinute(5 * minute)).toBe(0)
  })

  test('are a rate that is right from the first minute on, whenever they began', () => {
    const arrived = arrivals()
    for (let at = minute; at < 20 * minute; at += 500) {
      arrived.add(at)
      const lasted = at - minute
      if (lasted > minute) expect(Math.abs(arrived.perMinute(at) / 120 - 1)).toBeLessThan(0.05)
      // A few together are no stream yet.
      else expect(arrived.perMinute(at)).toBeLessThan(125)
    }
  })

  test('are forgotten within some minutes', () => {
    const arrived = arrivals()
    for (let nth = 0; nth < 200; nth += 1) arrived.add(0)
    expect(arrived.perMinute(0)).toBeGreaterThan(200)
    expect(arrived.perMinute(5 * minute)).toBeLessThan(30)
    expect(arrived.perMinute(20 * minute)).toBeLessThan(1)
  })
})
