import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { backoff } from '../../src/runtime/backoff'
import { longestTimer } from '../../src/runtime/clock'

const ms = fc.double({ min: 0, max: longestTimer, noNaN: true })
const nth = fc.nat(3_000)
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('backoff', () => {
  test('doubles from the base up to the cap', () => {
    const policy = { base: 500, cap: 3_000 }
    const most = [0, 1, 2, 3, 4].map(n => backoff(policy, n, () => 1))
    expect(most).toEqual([500, 1_000, 2_000, 3_000, 3_000])
  })

  test('has full jitter, from 0 to the whole wait', () => {
    const policy = { base: 1_000, cap: 8_000 }
    expect([0, 0.25, 0.5].map(part => backoff(policy, 2, () => part))).toEqual([0, 1_000, 2_000])
  })

  test('is a number from 0 to the cap, for any policy and number of retries', () => {
    fc.assert(
      fc.property(ms, ms, nth, fraction, (base, cap, n, part) => {
        const wait = backoff({ base, cap }, n, () => part)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(cap)
        expect(wait).toBeLessThanOrEqual(base * 2 ** Math.min(n, 1_000))
      }),
      { examples: [[0, 1_000, 1_024, 0.5]] },
    )
  })

  test('is never shorter than before for the same random number', () => {
    fc.assert(
      fc.property(ms, ms, fc.nat(1_000), fraction, (base, cap, n, part) => {
        const [one, next] = [n, n + 1].map(each => backoff({ base, cap }, each, () => part))
        expect(next).toBeGreaterThanOrEqual(one ?? NaN)
      }),
    )
  })
})
