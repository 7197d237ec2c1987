import { describe, expect, test } from '@jest/globals'
import { arrivals } from '../../src/budget/arrivals'

const minute = 60_000

describe('arrivals of uploads per minute', () => {
  test('start at 0', () => {
    expect(arrivals().perMinute(5 * minute)).toBe(0)
  })

  test('match the true rate after the first minute, whenever the first upload arrives', () => {
    const arrived = arrivals()
    for (let at = minute; at < 20 * minute; at += 500) {
      arrived.add(at)
      const lasted = at - minute
      if (lasted > minute) expect(Math.abs(arrived.perMinute(at) / 120 - 1)).toBeLessThan(0.05)
      // A few first arrivals must not look like a high rate.
      else expect(arrived.perMinute(at)).toBeLessThan(125)
    }
  })

  test('decay within minutes after the last upload', () => {
    const arrived = arrivals()
    for (let nth = 0; nth < 200; nth += 1) arrived.add(0)
    expect(arrived.perMinute(0)).toBeGreaterThan(200)
    expect(arrived.perMinute(5 * minute)).toBeLessThan(30)
    expect(arrived.perMinute(20 * minute)).toBeLessThan(1)
  })
})
