import { expect, test } from '@jest/globals'
import { seededFraction } from '../../src/sandbox/seededRandom'
import { summaryOf, type Seen } from './summary'

/** A round every 10 s, with heap noise of 100 kB, which grows by this many bytes a minute. */
const run = (minutes: number, growth: number, rest: Partial<Seen> = {}): Seen => ({
  heap: Array.from({ length: minutes * 6 }, (_, nth) => ({
    x: nth / 6,
    y: 20_000_000 + 100_000 * seededFraction(1, String(nth)) + (growth * nth) / 6,
  })),
  length: minutes * 60_000,
  judged: 1,
  violations: [],
  ends: new Map([['completed', 2]]),
  faults: new Map([['healthy', 3]]),
  ...rest,
})

const verdict = (seen: Seen): string | undefined => summaryOf(seen).lines.at(-1)

test('a run with a flat heap and no violation is clean', () => {
  expect(verdict(run(40, 0))).toBe('verdict: clean')
})

test('growth in the first third only is ignored', () => {
  const seen = run(40, 0)
  const heap = seen.heap.map(({ x, y }) => ({ x, y: x < 12 ? y - 5_000_000 : y }))
  expect(verdict({ ...seen, heap })).toBe('verdict: clean')
})

test('a growing heap is reported', () => {
  expect(verdict(run(40, 100_000))).toBe('verdict: the heap grows')
})

test('a heap too noisy to show growth proves nothing', () => {
  expect(verdict(run(5, 0))).toBe('verdict: too noisy or too short: growth could hide')
})

test('the heap of a short run is ignored', () => {
  expect(verdict(run(4, 100_000))).toBe('verdict: clean')
})

test('a violation is reported, however short the run', () => {
  expect(summaryOf(run(1, 0, { violations: ['stuck: a'] }))).toMatchObject({ isClean: false })
})
