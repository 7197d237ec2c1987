import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { longestTimer } from '../../src/runtime/clock'
import {
  checkedSchedule,
  defaultSchedule,
  exponential,
  jittered,
  proportional,
  spaced,
  waitOf,
  type Progress,
  type Schedule,
} from '../../src/watch/schedule'
import { processing } from '../answers'

const after = (progress: Partial<Progress>): Progress => ({
  polls: 1,
  elapsed: 0,
  lastStatus: processing,
  unchangedFor: 0,
  ...progress,
})

/** The waits after the first polls. */
const waits = (schedule: Schedule, polls: number): readonly number[] =>
  Array.from({ length: polls }, (_, at) => schedule(after({ polls: at + 1 }), Math.random))

/** The waits at these ages of a watch. */
const waitsAt = (schedule: Schedule, ages: readonly number[]): readonly number[] =>
  ages.map(elapsed => schedule(after({ elapsed }), () => 0.5))

const duration = fc.double({ min: 0, max: longestTimer, noNaN: true })
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const progress: fc.Arbitrary<Progress> = fc.record({
  polls: fc.integer({ min: 1, max: 1_000_000 }),
  elapsed: fc.double({ min: 0, max: 1e12, noNaN: true }),
  lastStatus: fc.constant(processing),
  unchangedFor: duration,
})

const notDurations = [-1, -Number.MIN_VALUE, NaN, Infinity, longestTimer + 1]

/** Expects a RangeError that starts with the name of the option. */
const throwsRangeError = (make: () => unknown, name: string): void => {
  expect(make).toThrow(RangeError)
  expect(make).toThrow(new RegExp(`^${name} `))
}

describe('spaced', () => {
  test('returns the same wait each time', () => {
    fc.assert(
      fc.property(duration, progress, (ms, at) => {
        expect(spaced(ms)(at, Math.random)).toBe(ms)
      }),
    )
  })

  test.each(notDurations)('throws a RangeError that names ms for %d', ms => {
    throwsRangeError(() => spaced(ms), 'ms')
  })

  test('throws an error that names ms for a string', () => {
    expect(() => spaced('2000' as unknown as number)).toThrow(/^ms /)
  })
})

describe('exponential', () => {
  test('multiplies the first wait by the factor after each poll, up to the cap', () => {
    const schedule = exponential({ first: 500, factor: 2, cap: 3_000 })
    expect(waits(schedule, 5)).toEqual([500, 1_000, 2_000, 3_000, 3_000])
  })

  test('returns the same wait each time with a factor of 1', () => {
    expect(waits(exponential({ first: 500, factor: 1, cap: 3_000 }), 3)).toEqual([500, 500, 500])
  })

  test('returns the cap if the first wait is longer', () => {
    expect(waits(exponential({ first: 500, factor: 2, cap: 100 }), 3)).toEqual([100, 100, 100])
  })

  test('returns a number from 0 to the cap after any number of polls', () => {
    const factor = fc.oneof(
      fc.double({ min: 1, max: 10, noNaN: true }),
      fc.constantFrom(1, 2, Number.MAX_VALUE, Infinity),
    )
    fc.assert(
      fc.property(duration, factor, duration, progress, (first, by, cap, at) => {
        const wait = exponential({ first, factor: by, cap })(at, Math.random)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(cap)
      }),
      { examples: [[0, 2, 1_000, after({ polls: 1_025 })]] },
    )
  })

  test('never returns a shorter wait than before', () => {
    fc.assert(
      fc.property(duration, fc.double({ min: 1, max: 10, noNaN: true }), (first, factor) => {
        const list = waits(exponential({ first: Math.max(1, first), factor, cap: 60_000 }), 200)
        expect([...list].sort((a, b) => a - b)).toEqual(list)
      }),
    )
  })

  const legal = { first: 1, factor: 2, cap: 3 }

  test.each(notDurations)('throws a RangeError that names first or cap for %d', ms => {
    throwsRangeError(() => exponential({ ...legal, first: ms }), 'first')
    throwsRangeError(() => exponential({ ...legal, cap: ms }), 'cap')
  })

  test.each([0, 0.999, -2, NaN])('throws a RangeError that names factor for %d', factor => {
    throwsRangeError(() => exponential({ ...legal, factor }), 'factor')
  })
})

describe('proportional', () => {
  test('returns waits in proportion to the age of the watch, from min to max', () => {
    const schedule = proportional({ ratio: 0.2, min: 1_000, max: 30_000 })
    expect(waitsAt(schedule, [0, 5_000, 10_000, 60_000, 150_000, 3_600_000])).toEqual([
      1_000, 1_000, 2_000, 12_000, 30_000, 30_000,
    ])
  })

  test('returns a number from min to max for any ratio and age', () => {
    const ratio = fc.oneof(
      fc.double({ min: Number.MIN_VALUE, max: 10, noNaN: true }),
      fc.constantFrom(Number.MIN_VALUE, Number.MAX_VALUE, Infinity),
    )
    fc.assert(
      fc.property(ratio, duration, duration, progress, (part, a, b, at) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)]
        const wait = proportional({ ratio: part, min, max })(at, Math.random)
        expect(wait).toBeGreaterThanOrEqual(min)
        expect(wait).toBeLessThanOrEqual(max)
      }),
      { examples: [[Infinity, 1_000, 30_000, after({ elapsed: 0 })]] },
    )
  })

  const legal = { ratio: 0.2, min: 1, max: 3 }

  test.each([0, -0.2, NaN])('throws a RangeError that names ratio for %d', ratio => {
    throwsRangeError(() => proportional({ ...legal, ratio }), 'ratio')
  })

  test.each(notDurations)('throws a RangeError that names min or max for %d', ms => {
    throwsRangeError(() => proportional({ ...legal, min: ms, max: longestTimer }), 'min')
    throwsRangeError(() => proportional({ ...legal, max: ms }), 'max')
  })

  test('throws a RangeError that names max if it is less than min', () => {
    throwsRangeError(() => proportional({ ...legal, min: 3, max: 2 }), 'max')
    expect(waitsAt(proportional({ ...legal, min: 3, max: 3 }), [0, 1_000])).toEqual([3, 3])
  })
})

describe('jittered', () => {
  test('shortens each wait by a random part of it, up to the fraction', () => {
    const schedule = jittered(spaced(1_000), 0.1)
    const drawn = [0, 0.5, 1].map(random => schedule(after({}), () => random))
    expect(drawn).toEqual([1_000, 950, 900])
  })

  test('never lengthens a wait, and never shortens it by more than the fraction', () => {
    fc.assert(
      fc.property(duration, fraction, fraction, progress, (ms, part, random, at) => {
        const wait = jittered(spaced(ms), part)(at, () => random)
        expect(wait).toBeLessThanOrEqual(ms)
        expect(wait).toBeGreaterThanOrEqual(ms * (1 - part))
      }),
    )
  })

  test('passes progress and random to the schedule', () => {
    const at = after({ polls: 7 })
    const random = (): number => 0
    const seen: unknown[] = []
    jittered((...given) => seen.push(...given), 0.5)(at, random)
    expect(seen).toEqual([at, random])
  })

  test('does not change a wait of Infinity', () => {
    expect(jittered(() => Infinity, 1)(after({}), () => 0.999)).toBe(Infinity)
  })

  test.each([-0.1, 1.1, NaN, Infinity])('throws a RangeError that names fraction for %d', part => {
    throwsRangeError(() => jittered(spaced(1), part), 'fraction')
  })
})

describe('waitOf', () => {
  test.each([0, 0.5, longestTimer, 2 ** 40, Infinity])('returns a wait of %d', wait => {
    expect(waitOf(() => wait, after({}), Math.random)).toBe(wait)
  })

  test.each([-1, NaN, -Infinity])('throws a RangeError if the schedule returns %d', wait => {
    expect(() => waitOf(() => wait, after({}), Math.random)).toThrow(
      new RangeError(`the result of schedule must be milliseconds from 0 up, not ${String(wait)}`),
    )
  })

  test.each([null, undefined, '2000'])('throws if the schedule returns %p', wait => {
    const schedule = (() => wait) as unknown as Schedule
    expect(() => waitOf(schedule, after({}), Math.random)).toThrow(
      'the result of schedule must be milliseconds from 0 up',
    )
  })

  test('calls the schedule with progress and random', () => {
    const wait = waitOf(
      ({ polls }, random) => polls * random(),
      after({ polls: 4 }),
      () => 0.5,
    )
    expect(wait).toBe(2)
  })
})

/**
 * An upload that ends at `end`, watched with spaced polls. Each answer takes its own time, from 0 to
 * `latency`, and has the status at a part of that time: 0 at the request, 1 at the answer.
 */
interface Watched {
  readonly end: number
  readonly latencies: readonly number[]
  readonly looks: readonly number[]
  readonly randoms: readonly number[]
}

const nth = (list: readonly number[], at: number): number => list[at % list.length] ?? 0

const watch = (
  schedule: Schedule,
  { end, latencies, looks, randoms }: Watched,
): { readonly late: number; readonly polls: number } => {
  let asked = 0
  let drawn = 0
  for (let polls = 1; ; polls += 1) {
    const latency = nth(latencies, polls)
    const elapsed = asked + latency
    if (asked + latency * nth(looks, polls) >= end) return { late: elapsed - end, polls }
    asked = elapsed + waitOf(schedule, after({ polls, elapsed }), () => nth(randoms, drawn++))
  }
}

const bounded = fc.record({
  ratio: fc.double({ min: 0.05, max: 3, noNaN: true }),
  min: fc.double({ min: 1, max: 5_000, noNaN: true }),
  more: fc.double({ min: 2_000, max: 60_000, noNaN: true }),
  fraction: fc.constantFrom(0, 0.1, 0.5, 0.9),
})

const watched = (looks: fc.Arbitrary<number>): fc.Arbitrary<Watched> =>
  fc.record({
    // Short and long uploads in equal numbers, up to more than an hour.
    end: fc.double({ min: 0, max: 22, noNaN: true }).map(exponent => 2 ** exponent - 1),
    latencies: fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), {
      minLength: 1,
      maxLength: 10,
    }),
    looks: fc.array(looks, { minLength: 1, maxLength: 10 }),
    randoms: fc.array(fraction, { minLength: 1, maxLength: 10 }),
  })

const answering = watched(fc.constant(1))
const anyTime = watched(fraction)
const cases = { numRuns: 3_000 }
/** The rounding of floating-point numbers over a hundred thousand additions. */
const rounding = 1e-3

describe('the delay until proportional notices an end', () => {
  // The last poll that does not see the end is answered at `a`. The next one starts at
  // `a + wait(a)` and is answered within `latency`. If answers have the status at the time of the
  // answer, then `a < end`, so wait(a) <= clamp(ratio * end). If they have the status at the time
  // of the request, then `a < end + latency`: one latency more, here and in the wait.
  const clamp = ({ min, max }: { min: number; max: number }, wait: number): number =>
    Math.min(max, Math.max(min, wait))

  test('is at most max(min, ratio * duration) or max, whichever is less, plus one latency', () => {
    fc.assert(
      fc.property(bounded, answering, ({ ratio, min, more, fraction: part }, upload) => {
        const max = min + more
        const { late } = watch(jittered(proportional({ ratio, min, max }), part), upload)
        const latency = Math.max(...upload.latencies)
        expect(late).toBeGreaterThanOrEqual(0)
        expect(late).toBeLessThanOrEqual(Math.max(min, ratio * upload.end) + latency + rounding)
        expect(late).toBeLessThanOrEqual(
          clamp({ min, max }, ratio * upload.end) + latency + rounding,
        )
      }),
      cases,
    )
  })

  test('has the same bound without jitter', () => {
    fc.assert(
      fc.property(bounded, answering, ({ ratio, min, more }, upload) => {
        const { late } = watch(proportional({ ratio, min, max: min + more }), upload)
        const latency = Math.max(...upload.latencies)
        expect(late).toBeLessThanOrEqual(Math.max(min, ratio * upload.end) + latency + rounding)
      }),
      cases,
    )
  })

  test('is one latency longer if answers state the status at the time of the request', () => {
    fc.assert(
      fc.property(bounded, anyTime, ({ ratio, min, more, fraction: part }, upload) => {
        const max = min + more
        const { late } = watch(jittered(proportional({ ratio, min, max }), part), upload)
        const latency = Math.max(...upload.latencies)
        const wait = clamp({ min, max }, ratio * (upload.end + latency))
        expect(late).toBeLessThanOrEqual(wait + 2 * latency + rounding)
      }),
      cases,
    )
  })

  test('of the default schedule is a fifth of the duration, at least a second and at most 30 s', () => {
    fc.assert(
      fc.property(answering, upload => {
        const { late } = watch(defaultSchedule, upload)
        const wait = clamp({ min: 1_000, max: 30_000 }, 0.2 * upload.end)
        expect(late).toBeLessThanOrEqual(wait + Math.max(...upload.latencies) + rounding)
      }),
      cases,
    )
  })

  test('can reach its bound', () => {
    // Polls at 0, 1_000, 2_000 … 5_000, 6_000, 7_200: an upload that ends just after 6_000.
    const schedule = proportional({ ratio: 0.2, min: 1_000, max: 30_000 })
    const instant = { latencies: [0], looks: [1], randoms: [0] }
    expect(watch(schedule, { ...instant, end: 6_000.001 }).late).toBeCloseTo(0.2 * 6_000, 1)
    expect(watch(schedule, { ...instant, end: 0.001 }).late).toBeCloseTo(1_000, 1)
  })

  test('is one latency if the upload ended before the watch started', () => {
    expect(watch(defaultSchedule, { end: 0, latencies: [80], looks: [0], randoms: [0] })).toEqual({
      late: 80,
      polls: 1,
    })
  })
})

describe('the number of polls of proportional', () => {
  /**
   * The first poll, then at most one for each shortest wait until `ratio * age` exceeds it. Then the
   * age grows by a factor from poll to poll, until the wait is `max`. Then one for each `max`. Plus one
   * at each of the two transitions, and the one that sees the end.
   */
  const most = (
    {
      ratio,
      min,
      max,
      fraction: part,
    }: { ratio: number; min: number; max: number; fraction: number },
    end: number,
  ): number => {
    const kept = 1 - part
    const [grows, flat] = [min / ratio, max / ratio]
    const even = Math.min(end, grows) / (kept * min)
    const growing = Math.log(Math.max(1, Math.min(end, flat) / grows)) / Math.log1p(ratio * kept)
    const late = Math.max(0, end - flat) / (kept * max)
    return 1 + even + growing + late + 3
  }

  test('grows with the logarithm of the duration until the wait is max, then linearly', () => {
    fc.assert(
      fc.property(bounded, anyTime, ({ more, ...rest }, upload) => {
        const options = { ...rest, max: rest.min + more }
        const schedule = jittered(proportional(options), options.fraction)
        expect(watch(schedule, upload).polls).toBeLessThanOrEqual(most(options, upload.end))
      }),
      cases,
    )
  })

  test('increases by three or four each time the duration doubles', () => {
    const schedule = proportional({ ratio: 0.2, min: 1_000, max: longestTimer })
    const instant = { latencies: [0], looks: [1], randoms: [0] }
    const polls = Array.from(
      { length: 12 },
      (_, at) => watch(schedule, { ...instant, end: 10_000 * 2 ** at }).polls,
    )
    const more = polls.slice(1).map((each, at) => each - (polls[at] ?? NaN))
    // log(2) / log(1.2) = 3.8
    expect(new Set(more)).toEqual(new Set([3, 4]))
  })

  test('of the default schedule without jitter is 13 in 15 s, 20 in a minute and 40 in 10 minutes', () => {
    const instant = { latencies: [0], looks: [1], randoms: [0] }
    const polls = [15_000, 60_000, 600_000].map(
      end => watch(defaultSchedule, { ...instant, end }).polls,
    )
    expect(polls).toEqual([13, 20, 40])
  })
})

describe('the arguments of schedules', () => {
  const untyped = (value: unknown): never => value as never
  const advice = 'must be a function (progress, random) => ms, not a number; for a fixed wait use'

  test.each<[string, () => unknown]>([
    [`schedule ${advice} spaced(1000)`, () => checkedSchedule(untyped(2_000))],
    [`safetyNet ${advice} spaced(1000)`, () => checkedSchedule(untyped(2_000), 'safetyNet')],
    [
      'options must be an object { first, factor, cap }, not a number',
      () => exponential(untyped(2_000)),
    ],
    [
      'options must be an object { ratio, min, max }, not a number',
      () => proportional(untyped(2_000)),
    ],
    [
      'ratio must be a number above 0, not a string',
      () => proportional(untyped({ ratio: '1', min: 1, max: 2 })),
    ],
  ])('of a wrong type cause a TypeError: %s', (message, make) => {
    expect(make).toThrow(new TypeError(message))
  })

  test('checkedSchedule returns a valid schedule', () => {
    expect(checkedSchedule(defaultSchedule)).toBe(defaultSchedule)
  })
})
