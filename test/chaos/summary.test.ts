import { expect, test } from '@jest/globals'
import { seededFraction } from '../../src/sandbox/seededRandom'
import { summaryOf, type Seen } from './summary'

/** A round every 10 s whose heap sways by 100 kB, and grows by this many bytes a minute. */
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

test('what grows in the first third alone is not held against it', () => {
  const seen = run(40, 0)
  const heap = seen.heap.map(({ x, y }) => ({ x, y: x < 12 ? y - 5_000_000 : y }))
  expect(verdict({ ...seen, heap })).toBe('verdict: clean')
})

test('a heap that grows is told', () => {
  expect(verdict(run(40, 100_000))).toBe('verdict: the heap grows')
})

test('a heap that sways so much that growth could hide proves nothing', () => {
  expect(verdict(run(5, 0))).toBe('verdict: too noisy or too short: growth could hide')
})

test('of a short run the heap says nothing', () => {
  expect(verdict(run(4, 100_000))).toBe('verdict: clean')
})

test('a violation is told, however short the run', () => {
  expect(summaryOf(run(1, 0, { violations: ['stuck: a'] }))).toMatchObject({ isClean: false })
})
