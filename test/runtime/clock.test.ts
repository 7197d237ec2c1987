import { spawnSync } from 'node:child_process'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { longestTimer, monotonic } from '../../src/runtime/clock'

afterEach(() => {
  jest.restoreAllMocks()
})

describe('the monotonic clock', () => {
  test('returns milliseconds of performance.now', () => {
    const before = performance.now()
    const now = monotonic()
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(performance.now())
  })

  test('does not change when the wall clock is set', () => {
    const before = monotonic()
    const hour = 3_600_000
    jest.spyOn(Date, 'now').mockReturnValue(hour)
    const forward = monotonic()
    jest.spyOn(Date, 'now').mockReturnValue(-hour)
    const back = monotonic()
    expect(forward - before).toBeLessThan(hour / 2)
    expect(back).toBeGreaterThanOrEqual(forward)
  })

  test('does not take a wall clock near 1970 that ticks for virtual time', () => {
    const before = monotonic()
    const hour = 3_600_000
    let now = 2 * hour
    jest.spyOn(Date, 'now').mockImplementation(() => (now += 1))
    expect(monotonic() - before).toBeLessThan(hour)
  })
})

test('longestTimer is the longest delay that Node does not shorten', () => {
  const program = (longest: number): string => `
    const kept = setTimeout(() => console.log('fired'), ${String(longest)})
    setTimeout(() => clearTimeout(kept), 20)`
  const fires = (longest: number): string =>
    spawnSync(process.execPath, ['--no-warnings', '-e', program(longest)], { encoding: 'utf8' })
      .stdout
  expect(fires(longestTimer)).toBe('')
  expect(fires(longestTimer + 1)).toBe('fired\n')
})
