import { afterEach, describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { map, merge, noop, of, tap, timer } from 'rxjs'
import type { Answer } from '../../src/api/answer'
import { answerOf } from '../api/answerOf'
import { marbles } from '../marbles'
import { minute, wholeBudget, send, recorded$, slowDown, startsAfter } from './budgets'
import { budgets } from './simulation'

afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

describe('the budget on a 429', () => {
  test('pauses all requests for its Retry-After', () => {
    expect(startsAfter([slowDown('7')], { perMinute: 60 }, 3)).toEqual([7_000, 7_000, 7_000])
  })

  test('pauses requests that are already queued', () => {
    marbles(({ clock, cold, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, inFlight: 1, clock })
      const answer = slowDown('7')
      const first$ = cold('---(a|)', { a: answer }).pipe(tap(budget.learn))
      expectObservable(budget.admit(first$)).toBe('---(a|)', { a: answer })
      expectObservable(budget.admit(of('b'))).toBe('7003ms (b|)')
      expectObservable(budget.admit(of('c'))).toBe('7003ms (c|)')
    })
  })

  test('pauses requests that already wait for their timer', () => {
    marbles(({ clock, cold, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, burst: 1, clock })
      const answer = slowDown('7')
      const first$ = cold('---(a|)', { a: answer }).pipe(tap(budget.learn))
      expectObservable(budget.admit(first$)).toBe('---(a|)', { a: answer })
      expectObservable(budget.admit(of('b'))).toBe('7003ms (b|)')
      expectObservable(budget.admit(of('c'))).toBe('8003ms (c|)')
    })
  })

  test('does not stop running requests', () => {
    marbles(({ at, clock, cold, expectObservable, expectSubscriptions }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      const running$ = cold('------a--|')
      expectObservable(budget.admit(running$)).toBe('------a--|')
      at(1, () => {
        budget.learn(slowDown('7'))
      })
      expectSubscriptions(running$.subscriptions).toBe('^--------!')
    })
  })

  test('does not shorten a pause by a shorter Retry-After', () => {
    expect(startsAfter([slowDown('7'), slowDown('2')], { perMinute: 60 })).toEqual([7_000])
    expect(startsAfter([slowDown('2'), slowDown('7')], { perMinute: 60 })).toEqual([7_000])
  })

  test('without a Retry-After backs off by 1 s plus jitter of up to 1, 2, 4, … s', () => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = wholeBudget({ perMinute: 60, random: () => 0.5, clock })
      for (let nth = 0; nth < 10; nth += 1)
        send(budget.admit(merge(recorded$(starts, clock), of(slowDown()))), budget.learn)
    })
    const waits = starts.slice(1).map((start, nth) => start - (starts[nth] ?? 0))
    expect(waits.slice(0, 4)).toEqual([1_500, 2_000, 3_000, 5_000])
    expect(waits.at(-1)).toBe(31_000)
  })

  test('backs off once for simultaneous refusals', () => {
    const refusals = Array<Answer>(20).fill(slowDown())
    expect(startsAfter(refusals, { perMinute: 60, random: () => 0.5 })).toEqual([1_500])
  })

  test('sends one request after the pause, and the others after its answer', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      budget.learn(slowDown('7'))
      const slow$ = timer(100).pipe(map(() => answerOf()))
      for (let nth = 0; nth < 4; nth += 1)
        send(budget.admit(merge(recorded$(starts, clock), slow$)), budget.learn)
      at(1, noop)
    })
    // At an even pace: the bucket is empty.
    expect(starts).toEqual([7_000, 8_100, 9_100, 10_100])
  })

  test('does not end the pause on an answer to a request that was already in flight', () => {
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      budget.learn(slowDown('7'))
      at(1, () => {
        budget.learn(answerOf())
      })
      const slow$ = timer(100).pipe(map(() => answerOf()))
      for (let nth = 0; nth < 3; nth += 1)
        send(budget.admit(merge(recorded$(starts, clock), slow$)), budget.learn)
    })
    expect(starts).toEqual([7_000, 8_100, 9_100])
  })

  test('sends requests one at a time after the pause until one is answered', () => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      budget.learn(slowDown('7'))
      for (let nth = 0; nth < 3; nth += 1)
        send(budget.admit(merge(recorded$(starts, clock), timer(100))))
    })
    expect(starts).toEqual([7_000, 7_100, 7_200])
  })

  test('without a Retry-After resets its backoff after another answer', () => {
    const answers = [slowDown(), slowDown(), slowDown(), answerOf()]
    const starts: number[] = []
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, random: () => 0.5, clock })
      for (const [nth, answer] of answers.entries())
        at(nth * 10_000, () => {
          budget.learn(answer)
        })
      at(minute, () => {
        budget.learn(slowDown())
        send(budget.admit(recorded$(starts, clock)))
      })
    })
    expect(starts).toEqual([minute + 1_500])
  })

  test.each(['-5', '1.5', 'abc', '', '0', 'Sun, 06 Nov 1994 08:49:37 GMT'])(
    'with the Retry-After %p still pauses for at least a second',
    asked => {
      expect(startsAfter([slowDown(asked)], { perMinute: 60, random: () => 0 })).toEqual([1_000])
    },
  )

  test('draws its jitter from Math.random by default', () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0)
    marbles(({ clock, expectObservable }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      budget.learn(slowDown())
      expectObservable(budget.admit(of('a'))).toBe('1s (a|)')
    })
    expect(random).toHaveBeenCalledTimes(1)
  })

  test('waits in full for a Retry-After longer than any timer', () => {
    expect(startsAfter([slowDown('2592000')], { perMinute: 60 })).toEqual([2_592_000_000])
  })

  test('pauses for any Retry-After, at least one second, and then continues', () => {
    const asked = fc.oneof(fc.string(), fc.integer().map(String), fc.constant(undefined))
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 5 }), budgets, (all, options) => {
        const [start = NaN] = startsAfter(all.map(slowDown), options)
        const least = all.filter(each => /^\d+$/.test(each ?? '')).map(Number)
        expect(start).toBeGreaterThanOrEqual(Math.max(1, ...least) * 1_000)
        expect(start).toBeLessThan(Infinity)
      }),
    )
  })
})
