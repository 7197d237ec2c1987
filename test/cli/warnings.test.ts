import { describe, expect, test } from '@jest/globals'
import { shortage } from '../../src/cli/warnings'

describe('the warning that a deadline is too short', () => {
  test('says how long the first poll of all takes, and which flags to change', () => {
    expect(shortage(300, 60, 10_000)).toBe(
      'the first poll of 300 uploads takes about 4m 50s at 60 requests a minute, ' +
        'and --deadline is 10s: give a higher --rate, if your plan allows it, or a longer --deadline',
    )
  })

  test.each([
    ['all can be polled in time', 300, 60, 290_000],
    ['the burst covers all', 10, 60, 1],
    ['there is one upload', 1, 1, 1],
    ['there is none', 0, 60, 1],
    ['there is no deadline', 1_000_000, 1, Infinity],
  ])('is not given where %s', (_, uploads, perMinute, deadline) => {
    expect(shortage(uploads, perMinute, deadline)).toBeNull()
  })
})
