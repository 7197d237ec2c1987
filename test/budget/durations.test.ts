import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { learnedDurations, type Durations } from '../../src/budget/durations'

const prior = { median: 30, shape: 1 }

const goingOn = ({ hazardTo }: Durations, age: number): number => Math.exp(-hazardTo(age))

/** Uploads of these durations, each polled every this many seconds. */
const afterPolls = (durations: readonly number[], every: number): Durations => {
  const learned = learnedDurations(prior)
  for (const duration of durations) {
    let known = 0
    for (; known + every < duration; known += every) learned.survived(known, known + every)
    learned.ended(known, known + every)
  }
  return learned
}

const poll = fc.record({
  from: fc.double({ min: 0, max: 1e4, noNaN: true }),
  takes: fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e6, noNaN: true })),
  hasEnded: fc.boolean(),
})

describe('learnedDurations', () => {
  test('uses the prior before the first poll: half of the uploads have ended at its median', () => {
    for (const shape of [1, 3]) {
      const learned = learnedDurations({ median: 30, shape })
      expect(goingOn(learned, 30)).toBeCloseTo(0.5, 1)
    }
  })

  test('keeps the hazard increasing with age and the remaining time finite, for any polls', () => {
    fc.assert(
      fc.property(fc.array(poll, { maxLength: 50 }), polls => {
        const learned = learnedDurations(prior)
        for (const { from, takes, hasEnded } of polls)
          if (hasEnded) learned.ended(from, from + takes)
          else learned.survived(from, from + takes)
        const ages = Array.from({ length: 40 }, (_, nth) => (nth === 0 ? 0 : 1e-2 * 1.6 ** nth))
        const hazards = ages.map(learned.hazardTo)
        expect(hazards[0]).toBe(0)
        expect(hazards).toEqual(hazards.toSorted((a, b) => a - b))
        expect(ages.map(learned.remaining).every(ms => ms > 0 && ms < Infinity)).toBe(true)
      }),
    )
  })

  test('computes the remaining time as the integral of the survival probability', () => {
    const learned = afterPolls([3, 3, 60, 61], 2)
    const step = 0.2
    for (const age of [0, 2.5, 10, 50]) {
      let sum = 0
      for (let at = age; at < 600; at += step) sum += step * goingOn(learned, at + step / 2)
      // Longer ones continue for their expected time.
      const rest = goingOn(learned, 600) * learned.remaining(600)
      expect(learned.remaining(age)).toBeCloseTo((sum + rest) / goingOn(learned, age), 0)
    }
  })

  test.each([1, 5])('learns a mix of short and long uploads that are polled every %d s', every => {
    const learned = afterPolls(
      Array.from({ length: 500 }, (_, nth) =>
        nth % 5 < 3 ? 2.5 + (nth % 10) / 10 : 60 + (nth % 7),
      ),
      every,
    )
    expect(goingOn(learned, 2)).toBeGreaterThan(every === 1 ? 0.9 : 0.6)
    expect(goingOn(learned, 8)).toBeCloseTo(0.4, 1)
    expect(goingOn(learned, 40)).toBeCloseTo(0.4, 1)
    expect(goingOn(learned, 120)).toBeLessThan(0.05)
  })

  test('is not biased by uploads that are not watched to their end', () => {
    const learned = learnedDurations(prior)
    // All take 50 s; of most the watch is given up at 10 s.
    for (let nth = 0; nth < 400; nth += 1) {
      for (let known = 0; known < (nth % 4 === 0 ? 50 : 10); known += 2)
        learned.survived(known, known + 2)
      if (nth % 4 === 0) learned.ended(50, 52)
    }
    expect(goingOn(learned, 30)).toBeGreaterThan(0.95)
    expect(goingOn(learned, 70)).toBeLessThan(0.3)
  })

  test('adapts when the durations change', () => {
    const learned = learnedDurations(prior)
    const see = (duration: number, many: number): void => {
      for (let nth = 0; nth < many; nth += 1) {
        learned.survived(0, duration - 1)
        learned.ended(duration - 1, duration)
      }
    }
    see(10, 2_000)
    expect(goingOn(learned, 20)).toBeLessThan(0.1)
    see(100, 4_000)
    expect(goingOn(learned, 50)).toBeGreaterThan(0.9)
  })

  test('ignores a poll whose age is not later than that of the previous poll', () => {
    const learned = afterPolls([3, 60], 2)
    const before = learned.hazardTo(10)
    learned.ended(5, 5)
    learned.ended(5, 4)
    learned.survived(5, 5)
    expect(learned.hazardTo(10)).toBe(before)
  })

  test('learns the share that ended before a poll, and spreads those ends over the time before it', () => {
    const learned = learnedDurations(prior)
    for (let nth = 0; nth < 4_000; nth += 1)
      if (nth % 4 === 0) learned.ended(0, 10)
      else learned.survived(0, 10)
    expect(goingOn(learned, 10)).toBeCloseTo(0.75, 2)
    expect(goingOn(learned, 5)).toBeCloseTo(0.87, 1)
  })

  test('extends the last hazard to ages beyond all polls', () => {
    const { hazardTo, remaining } = learnedDurations(prior)
    const [late, later] = [1e6, 1e6 + 1e5]
    const hazard = (hazardTo(later) - hazardTo(late)) / (later - late)
    for (const age of [late, later]) expect(remaining(age) * hazard).toBeCloseTo(1, 6)
  })
})
