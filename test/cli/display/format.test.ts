import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatDuration } from '../../../src/cli/display/format'

describe('a formatted duration', () => {
  test.each([
    [-5, '0.0s'],
    [0, '0.0s'],
    [4_230, '4.2s'],
    [9_949, '9.9s'],
    [9_950, '10s'],
    [42_300, '42s'],
    [59_499, '59s'],
    [59_500, '1m 00s'],
    [185_000, '3m 05s'],
    [3_599_499, '59m 59s'],
    [3_599_500, '1h 00m'],
    [7_500_000, '2h 05m'],
    [360_000_000, '100h 00m'],
  ])('formats %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  test('fits in its column, up to 100 hours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 359_999_000 }), ms => {
        expect(formatDuration(ms).length).toBeLessThanOrEqual(7)
      }),
    )
  })
})
