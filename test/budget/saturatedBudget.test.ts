import { describe, expect, test } from '@jest/globals'
import { defer, of, timer } from 'rxjs'
import type { BudgetOptions } from '../../src/budget/budgetOptions'
import { requestBudget } from '../../src/budget/requestBudget'
import { marbles } from '../marbles'
import { minute, send, recorded$, limits } from './budgets'

/** The starts in each second from the second minute on, under an endless supply of requests. */
const startsPerSecond = (options: BudgetOptions, takes: number, minutes: number) => {
  const seconds = Array<number>(minutes * 60).fill(0)
  const all: number[] = []
  marbles(({ clock }) => {
    const budget = requestBudget({ inFlight: 1_000, ...options, clock })
    const one$ = defer(() => {
      const now = clock()
      if (now < minutes * minute) {
        seconds[Math.floor(now / 1_000)] = (seconds[Math.floor(now / 1_000)] ?? 0) + 1
        all.push(now)
        send(budget.admit(one$))
      }
      return timer(takes)
    })
    for (let nth = 0; nth < 2 * options.perMinute; nth += 1) send(budget.admit(one$))
  })
  return { later: seconds.slice(60), all }
}

describe('a saturated budget', () => {
  test.each([
    [60, undefined, 0],
    [60, undefined, 250],
    [60, 60, 100],
    [60, 1, 100],
    [30, 20, 2_000],
    [600, undefined, 100],
    [1_000, 1_000, 50],
    [2_000, undefined, 100],
  ])(
    'with perMinute %p and burst %p starts requests evenly after the first minute (%p ms each)',
    (perMinute, burst, takes) => {
      const minutes = 5
      const options = { perMinute, ...(burst !== undefined && { burst }) }
      const { later, all } = startsPerSecond(options, takes, minutes)
      const even = perMinute / 60
      // At high rates a late timer may delay the starts of a tenth of a second.
      const most = Math.ceil(even + Math.max(1, even / 10))
      const [full = NaN] = later.filter(count => count > 0)
      expect(full).toBeLessThanOrEqual(most)
      // Nothing starts until the first minute has ended; then each second has its share.
      const turned = later.findIndex(count => count > 0)
      expect(turned).toBeLessThanOrEqual(Math.ceil(takes / 1_000))
      for (const count of later.slice(turned + 1)) {
        expect(count).toBeLessThanOrEqual(most)
        expect(count).toBeGreaterThanOrEqual(Math.floor(even * 0.9) - 1)
      }
      // As many as a plain loop with a limiter sends, less the time for which each counts.
      const sum = later.reduce((before, count) => before + count, 0)
      const possible = (perMinute * (minutes - 1) * minute) / (minute + takes)
      expect(sum).toBeGreaterThanOrEqual(Math.floor(possible) - even - 1)
      const spans = all.slice(perMinute).map((at, nth) => at - (all[nth] ?? NaN))
      expect(Math.min(...spans)).toBeGreaterThanOrEqual(minute)
    },
  )

  test('also starts requests evenly if it learned its limit from the server', () => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = requestBudget({ perMinute: 2 ** 31 - 1, headroom: 0, clock })
      for (let nth = 0; nth < 120; nth += 1)
        send(
          budget.admit(
            defer(() => {
              starts.push(clock())
              return of(limits(30, 29))
            }),
          ),
          budget.learn,
        )
    })
    const waits = starts.slice(1).map((start, nth) => start - (starts[nth] ?? NaN))
    // A burst of a sixth of the limit, before it is known that more requests will follow.
    expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
    expect(Math.min(...waits.slice(6))).toBeGreaterThanOrEqual(2_000)
  })

  test('saves a burst again while the queue is empty and the window has room', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = requestBudget({ perMinute: 12, burst: 4, clock })
      for (let nth = 0; nth < 20; nth += 1) send(budget.admit(recorded$(starts, clock)))
      at(10 * minute, () => {
        for (let nth = 0; nth < 5; nth += 1) send(budget.admit(recorded$(starts, clock)))
      })
    })
    expect(starts.slice(20).map(start => start - 10 * minute)).toEqual([0, 0, 0, 0, 5_000])
  })

  test('saves no burst while the window is full, even if the queue is empty', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = requestBudget({ perMinute: 12, burst: 12, clock })
      for (let nth = 0; nth < 12; nth += 1) send(budget.admit(recorded$(starts, clock)))
      at(minute, () => {
        for (let nth = 0; nth < 3; nth += 1) send(budget.admit(recorded$(starts, clock)))
      })
    })
    expect(starts.slice(12)).toEqual([minute, minute + 5_000, minute + 10_000])
  })
})
