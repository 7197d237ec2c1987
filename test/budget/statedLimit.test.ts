import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { right } from 'fp-ts/Either'
import { EMPTY, of, timer } from 'rxjs'
import { answerOf } from '../api/answerOf'
import { marbles } from '../marbles'
import {
  minute,
  wholeBudget,
  send,
  recorded$,
  limits,
  slowDown,
  answered$,
  startsAfter,
} from './budgets'

describe('the limit in an answer', () => {
  test('is adopted if it is lower than perMinute', () => {
    const starts = startsAfter([limits(2, 2)], { perMinute: 60 }, 4)
    expect(starts).toEqual([0, 0, minute, 1.5 * minute])
  })

  test('sets the pace of requests', () => {
    const starts = startsAfter([limits(6, 6)], { perMinute: 60, burst: 1 }, 3)
    expect(starts).toEqual([0, 10_000, 20_000])
  })

  test('is ignored if it is higher than perMinute', () => {
    const starts = startsAfter([limits(5_000, 4_999)], { perMinute: 2 }, 4)
    expect(starts).toEqual([0, 0, minute, 1.5 * minute])
  })

  test('is raised again by a later answer, up to perMinute', () => {
    const starts = startsAfter([limits(1, 1), limits(5_000, 4_999)], { perMinute: 2 }, 3)
    expect(starts).toEqual([0, minute / 2, minute])
  })

  test('does not stop running requests if it is lower, and lets queued ones wait', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      for (const ends of [1_000, 2_000, 3_000]) send(budget.admit(timer(ends)))
      budget.learn(limits(2, 1))
      at(500, () => {
        send(budget.admit(recorded$(starts, clock)))
      })
    })
    // Those that ended at 1 s and 2 s count for a minute more.
    expect(starts).toEqual([62_000])
  })

  test('may be very large', () => {
    const million = 1_000_000
    const starts = startsAfter([limits(million, 1)], { perMinute: million, inFlight: 3 }, 3)
    expect(starts).toEqual([0, minute, minute])
  })

  test('includes the requests of other clients', () => {
    // Of 10 requests other clients sent 6, this budget 1; 3 are left until the window resets.
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = wholeBudget({ perMinute: 10, clock })
      send(answered$(budget, limits(10, 3, 20)))
      for (let nth = 0; nth < 11; nth += 1) send(budget.admit(recorded$(starts, clock)))
    })
    expect(starts.slice(0, 3)).toEqual([0, 0, 0])
    expect(starts.slice(3, 9)).toEqual([20, 20, 20, 20, 20, 20].map(seconds => seconds * 1_000))
    expect(starts.slice(9)).toEqual([minute, minute + 6_000])
  })

  test('includes the requests of other clients only until the window resets', () => {
    // Its own two requests count until 60 s and 61 s. Six of other clients, stated at 1 s, count until
    // 10 s. Two are left until then.
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 10, clock })
      send(answered$(budget, limits(10, 9)))
      at(1_000, () => {
        send(answered$(budget, limits(10, 2, 9)))
      })
      at(2_000, () => {
        for (let nth = 0; nth < 10; nth += 1) send(budget.admit(recorded$(starts, clock)))
      })
    })
    const soon = Array<number>(6).fill(10_000)
    expect(starts).toEqual([2_000, 2_000, ...soon, minute, minute + 6_000])
  })

  test('counts no request of the budget twice', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 4, clock })
      // Each request takes one of the four, and the server counts the same.
      for (const left of [3, 2, 1, 0]) send(answered$(budget, limits(4, left)))
      expectObservable(budget.admit(of('a'))).toBe('1m (a|)')
      expectObservable(budget.admit(of('b'))).toBe('75s (b|)')
    })
  })

  test.each([
    [-1, 5],
    [0, 0],
    [60, -1],
    [1, 2],
    ['NaN', 'NaN'],
    ['', ''],
    [1.5, 0],
  ])('is ignored if it is invalid, such as %p with %p left', (limit, remaining) => {
    expect(startsAfter([limits(limit, remaining)], { perMinute: 3 }, 4)).toEqual([0, 0, 0, minute])
  })

  test('is read from the body', () => {
    const body = right({ _meta: { _rate_limits: { limit_minute: 2, remaining_minute: 1 } } })
    const starts = startsAfter([answerOf({ body })], { perMinute: 60 }, 2)
    expect(starts).toEqual([0, minute])
  })

  test('is read from a 429', () => {
    const { header } = slowDown('70')
    const { header: limited } = limits(1, 0, 60)
    const answer = answerOf({ status: 429 })
    const both = { ...answer, header: (name: string) => header(name) ?? limited(name) }
    expect(startsAfter([both], { perMinute: 60 }, 2)).toEqual([70_000, 130_000])
  })
})

describe('the last permitted request of a window', () => {
  test('pauses the budget until the window resets', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      send(answered$(budget, limits(60, 0, 20)))
      expectObservable(budget.admit(of('a'))).toBe('20s (a|)')
    })
  })

  test('pauses the budget for a minute if the answer names no reset time', () => {
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      send(answered$(budget, limits(60, 0)))
      expectObservable(budget.admit(of('a'))).toBe('1m (a|)')
    })
  })

  test('pauses the budget even while slots of an earlier window become free', () => {
    // Five requests at 0 s expire at 60 s. The server began a new window at 45 s, of which other
    // clients took nine.
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 10, clock })
      for (let nth = 0; nth < 5; nth += 1) send(answered$(budget, limits(10, 9 - nth, 45)))
      at(55_000, () => {
        send(answered$(budget, limits(10, 0, 50)))
      })
      at(56_000, () => {
        send(budget.admit(recorded$(starts, clock)))
      })
    })
    expect(starts).toEqual([105_000])
  })

  test('pauses the budget after any earlier requests', () => {
    const before = fc.array(fc.nat(minute), { maxLength: 10 })
    fc.assert(
      fc.property(before, fc.integer({ min: 1, max: 59 }), (times, reset) => {
        const starts: number[] = []
        const statedAt = minute + 1_000
        marbles(({ at, clock }) => {
          const budget = wholeBudget({ perMinute: 20, clock })
          for (const time of times)
            at(time, () => {
              send(budget.admit(EMPTY))
            })
          at(statedAt, () => {
            send(answered$(budget, limits(20, 0, reset)))
            send(budget.admit(recorded$(starts, clock)))
          })
        })
        expect(starts[0]).toBeGreaterThanOrEqual(statedAt + reset * 1_000)
      }),
    )
  })
})

describe('a stricter limit stated by the server', () => {
  /** Returns when the second of two requests starts that are queued at 299 s. */
  const secondStart = (repeatsAt: number): number => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      for (const time of [0, repeatsAt])
        at(time, () => {
          budget.learn(limits(1, 1))
        })
      at(299_000, () => {
        for (let nth = 0; nth < 2; nth += 1) send(budget.admit(recorded$(starts, clock)))
      })
    })
    return starts[1] ?? NaN
  }

  test('expires after 5 minutes without an answer that repeats it', () => {
    expect(secondStart(0)).toBe(300_000)
    expect(secondStart(10_000)).toBe(310_000)
    expect(secondStart(minute)).toBe(359_000)
  })

  test('also expires in the load', () => {
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      budget.learn(limits(10, 9))
      const rates: number[] = []
      for (const time of [5 * minute - 1, 5 * minute])
        at(time, () => rates.push(budget.load().rate))
      at(5 * minute, () => {
        expect(rates).toEqual([10, 60])
      })
    })
  })
})
