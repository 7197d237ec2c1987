import { describe, expect, test } from '@jest/globals'
import { seededFraction } from '../../src/sandbox/seededRandom'
import { verdictOf, type Measurements } from './verdict'

const watchesPerMinute = 4_000

/** Samples of twenty minutes, every 4 s, with noise of 100 kB, that grow by this many bytes a watch. */
const soak = (leak: number, rest: Partial<Measurements> = {}): Measurements => ({
  heap: Array.from({ length: 300 }, (_, nth) => {
    const x = nth / 15
    const noise = 100_000 * seededFraction(1, String(nth))
    return { x, y: 20_000_000 + noise + x * watchesPerMinute * leak }
  }),
  watchesPerMinute,
  leftOver: [],
  misdeeds: [],
  ...rest,
})

describe('the verdict', () => {
  test('is clean if the heap only fluctuates', () => {
    const { reasons, slope, perWatch } = verdictOf(soak(0))
    expect(reasons).toEqual([])
    expect(slope.low).toBeLessThan(0)
    expect(perWatch).toBeLessThan(1)
  })

  test('is clean if the heap shrinks', () => {
    expect(verdictOf(soak(-8)).reasons).toEqual([])
  })

  test.each([2, 40, 4_000])('is a leak if each watch leaves %d bytes behind', leak => {
    const { reasons, slope } = verdictOf(soak(leak))
    expect(reasons).toEqual(['the heap leaks'])
    expect(slope.slope / watchesPerMinute / leak).toBeCloseTo(1, 0)
  })

  test('is not clean after too few measurements', () => {
    const { heap, ...rest } = soak(0)
    expect(verdictOf({ ...rest, heap: heap.slice(0, 6) }).reasons).toEqual([
      'too noisy or too short: a leak could hide',
    ])
  })

  test('is not clean if a resource is left over or a watch misbehaved', () => {
    const { reasons } = verdictOf(
      soak(0, { leftOver: ['1 TCPSocketWrap'], misdeeds: ['unhandled rejection: Error: x'] }),
    )
    expect(reasons).toEqual(['left over: 1 TCPSocketWrap', 'unhandled rejection: Error: x'])
  })
})
