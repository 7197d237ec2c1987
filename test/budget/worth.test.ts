import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { learnedDurations } from '../../src/budget/durations'
import { latenessOf, worthOf } from '../../src/budget/worth'

const learned = fc
  .record({
    median: fc.constantFrom(1, 30, 30_000),
    shape: fc.constantFrom(1, 2, 3),
    ends: fc.array(
      fc.record({
        from: fc.double({ min: 0, max: 5, noNaN: true }),
        takes: fc.double({ min: 0.001, max: 2, noNaN: true }),
      }),
      { maxLength: 30 },
    ),
  })
  .map(({ median, shape, ends }) => {
    const durations = learnedDurations({ median, shape })
    for (const { from, takes } of ends) {
      durations.survived(0, from * median)
      durations.ended(from * median, (from + takes) * median)
    }
    return { durations, median }
  })

const part = fc.double({ min: 0, max: 10, noNaN: true })

describe('worthOf', () => {
  test('is 0 right after an answer and grows with time, for any durations', () => {
    fc.assert(
      fc.property(learned, part, ({ durations, median }, known) => {
        const knownAge = known * median
        const worths = [0, 0.01, 0.03, 0.1, 0.3, 1, 2, 3, 5, 10, 20].map(since =>
          worthOf(durations, knownAge, knownAge + since * median),
        )
        expect(worths[0]).toBeCloseTo(0, 6)
        // A tolerance for rounding, where next to nothing can have happened.
        const falls = worths.filter((worth, nth) => worth < (worths[nth - 1] ?? 0) - 1e-9 * median)
        expect(falls).toEqual([])
      }),
    )
  })

  test('grows without bound, so that every upload is polled', () => {
    fc.assert(
      fc.property(learned, part, ({ durations, median }, known) => {
        const knownAge = known * median
        expect(worthOf(durations, knownAge, knownAge + 1e5 * median)).toBeGreaterThan(1e3 * median)
      }),
    )
  })

  test('is greater at ages where many uploads end', () => {
    const durations = learnedDurations({ median: 30, shape: 1 })
    for (let nth = 0; nth < 200; nth += 1) {
      durations.survived(0, 19)
      durations.ended(19, 21)
      durations.survived(0, 19)
      durations.survived(19, 100)
      durations.ended(100, 101)
    }
    expect(worthOf(durations, 10, 22)).toBeGreaterThan(10 * worthOf(durations, 40, 52))
    expect(worthOf(durations, 10, 22)).toBeGreaterThan(3 * worthOf(durations, 0, 12))
  })
})

describe('latenessOf', () => {
  test('is between 0 and the time since the last poll of the unfinished upload', () => {
    fc.assert(
      fc.property(learned, part, part, ({ durations, median }, known, since) => {
        const lateness = latenessOf(durations, known * median, (known + since) * median)
        expect(lateness).toBeGreaterThanOrEqual(0)
        expect(lateness).toBeLessThanOrEqual((known + since) * median - known * median)
      }),
    )
  })
})
