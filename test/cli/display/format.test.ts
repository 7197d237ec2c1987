import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { duration, formatDuration } from '../../../src/cli/display/format'

describe('a duration', () => {
  test.each([
    ['0s', 0],
    ['500ms', 500],
    ['1s', 1_000],
    ['1.5s', 1_500],
    ['10m', 600_000],
    ['2h', 7_200_000],
  ])('reads %s', (text, ms) => {
    expect(duration.read(text)).toBe(ms)
  })

  test.each([
    '',
    '10',
    'm',
    '-1s',
    '+1s',
    '1 s',
    '1e3s',
    '.5s',
    '5.s',
    '1d',
    '1M',
    '1m30s',
    'NaNs',
  ])('refuses "%s"', text => {
    expect(duration.read(text)).toBeNull()
  })
})

describe('a duration for people', () => {
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
  ])('shows %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  test('is never wider than its column, up to a hundred hours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 359_999_000 }), ms => {
        expect(formatDuration(ms).length).toBeLessThanOrEqual(7)
      }),
    )
  })
})
