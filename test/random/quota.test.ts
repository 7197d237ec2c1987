import { describe, expect, test } from '@jest/globals'
import { defer, delayWhen, map, repeat, takeUntil, tap, timer } from 'rxjs'
import { requestBudget } from '../../src/budget/requestBudget'
import { answerOf } from '../api/answerOf'
import { factor } from './holds'
import { inSteppedTime } from './steppedTime'

const minute = 60_000
const duration = 10 * minute

/** Random numbers from 0 to below 1, for a seed (mulberry32). */
const seeded = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

/** A server that counts the requests of a team, in fixed windows or in a sliding one. */
const server = (counts: 'fixed' | 'sliding', limit: number, random: () => number) => {
  const phase = random() * minute
  const admitted: number[] = []
  const windowStart = (now: number): number =>
    counts === 'fixed' ? Math.floor((now + phase) / minute) * minute - phase : now - minute + 1e-9
  return (now: number): { readonly isRefused: boolean; readonly remaining: number } => {
    const from = windowStart(now)
    while ((admitted[0] ?? Infinity) < from) admitted.shift()
    const isRefused = admitted.length >= limit
    if (!isRefused) admitted.push(now)
    return { isRefused, remaining: limit - admitted.length }
  }
}

/** Times of a Poisson stream. */
const arrivals = (perMinute: number, random: () => number): readonly number[] => {
  const times: number[] = []
  for (let at = 0; at < duration; times.push(at))
    at -= (Math.log(1 - random()) * minute) / perMinute
  return times
}

interface Usage {
  readonly refused: number
  /** The used part of the requests that the others left. */
  readonly used: number
}

/** Ten minutes of a budget that always has work, and shares its limit with others. */
const share = (counts: 'fixed' | 'sliding', limit: number, seed: number): Usage => {
  const random = seeded(seed)
  const serve = server(counts, limit, random)
  const others = arrivals(limit / 2, random)
  let nextOther = 0
  let theirs = 0
  let ours = 0
  let refused = 0
  inSteppedTime(({ now, pass }) => {
    const arrive = () => {
      for (; (others[nextOther] ?? Infinity) <= now(); nextOther += 1)
        if (!serve(others[nextOther] ?? 0).isRefused) theirs += 1
      const { isRefused, remaining } = serve(now())
      if (isRefused) refused += 1
      else ours += 1
      return answerOf({
        status: isRefused ? 429 : 200,
        headers: {
          'x-rate-limit-limit-minute': String(limit),
          'x-rate-limit-remaining-minute': String(remaining),
        },
      })
    }
    const budget = requestBudget({ perMinute: limit, random, clock: now })
    const way$ = defer(() => timer(10 + 100 * random()))
    const request$ = way$.pipe(
      map(arrive),
      // The answer also takes time, in which others arrive.
      delayWhen(() => way$),
      tap(budget.learn),
    )
    for (let worker = 0; worker < 40; worker += 1)
      defer(() => budget.admit(request$))
        .pipe(repeat(), takeUntil(timer(duration)))
        .subscribe()
    pass(duration)
  })
  return { refused, used: ours / ((duration / minute) * limit - theirs) }
}

/** The seeds are fixed, as an unpredictable burst of others could fail a run of unchanged code. */
const seedsOf = (few: number): readonly number[] =>
  Array.from({ length: factor === 1 ? few : 5 * factor }, (_, nth) => nth + 1)

describe('a budget, if others use half of the team’s limit,', () => {
  // A sliding window of 60 is refused once in 100 runs, about: see docs/performance.md.
  test.each([
    { counts: 'fixed', limit: 60, few: 4, least: 0.75, refusals: 0 },
    { counts: 'fixed', limit: 1_000, few: 1, least: 0.75, refusals: 0 },
    { counts: 'sliding', limit: 60, few: 4, least: 0.6, refusals: 0.01 },
    { counts: 'sliding', limit: 1_000, few: 1, least: 0.75, refusals: 0 },
  ] as const)(
    'in a $counts window of $limit has at most $refusals refusals a run and uses over $least of the rest',
    ({ counts, limit, few, least, refusals }) => {
      const all = seedsOf(few).map(seed => share(counts, limit, seed))
      const sum = (of: (usage: Usage) => number): number =>
        all.reduce((sum, each) => sum + of(each), 0)
      expect(sum(({ refused }) => refused)).toBeLessThanOrEqual(Math.floor(all.length * refusals))
      expect(sum(({ used }) => used) / all.length).toBeGreaterThan(least)
    },
    factor * 120_000,
  )
})
