import { afterEach, describe, expect, jest, test } from '@jest/globals'
import type { Answer } from '../../src/api/answer'
import type { BudgetOptions } from '../../src/budget/budgetOptions'
import { requestBudget } from '../../src/budget/requestBudget'
import { marbles } from '../marbles'
import { minute, send, recorded$, limits, answered$ } from './budgets'
import { startsOf } from './simulation'

afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

describe('the options of a budget', () => {
  test.each(
    ['perMinute', 'burst', 'inFlight'].flatMap(name =>
      [0, -1, 0.5, NaN, Infinity, 2 ** 31].map((value): [string, number] => [name, value]),
    ),
  )('reject %s: %p, with an error that names the option', (name, value) => {
    expect(() => requestBudget({ perMinute: 60, [name]: value })).toThrow(
      new RangeError(`${name} must be a whole number from 1 to 2147483647, not ${String(value)}`),
    )
  })

  test.each([
    [undefined, 'options must be an object such as { perMinute: 60 }, not undefined'],
    [60, 'options must be an object such as { perMinute: 60 }, not a number'],
    [{}, 'perMinute must be a whole number from 1 to 2147483647, not undefined'],
    [{ perMinute: '60' }, 'perMinute must be a whole number from 1 to 2147483647, not a string'],
    [{ perMinute: 60, burst: null }, 'burst must be a whole number from 1 to 2147483647, not null'],
    [
      { perMinute: 60, inflight: 1 },
      'options has no member named inflight; did you mean inFlight?',
    ],
    [
      { perMinute: 60, rate: 1 },
      'it may have perMinute, burst, inFlight, headroom, earliest, on, clock',
    ],
    [
      { perMinute: 60, headroom: '10%' },
      'headroom must be a number from 0, and below 1, not a string',
    ],
    [{ perMinute: 60, on: true }, 'on must be a function (event) => void, not a boolean'],
    [{ perMinute: 60, clock: 0 }, 'clock must be a function () => ms, not a number'],
    [{ perMinute: 60, random: 0.5 }, 'random must be a function () => a number from 0 up to 1'],
  ])('reject %p with an error that says what is allowed', (options, message) => {
    // As JavaScript may call it.
    const make = () => requestBudget(options as unknown as BudgetOptions)
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })

  test.each([1, 2 ** 31 - 1])('accept %d for each limit', value => {
    expect(() => requestBudget({ perMinute: value, burst: value, inFlight: value })).not.toThrow()
  })

  test.each([
    [12, [0, 0, 5_000, 10_000]],
    [3, [0, 20_000, 40_000, minute]],
  ])('default to a burst of a sixth of perMinute, at least 1 (perMinute %d)', (perMinute, all) => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = requestBudget({ perMinute, clock })
      for (let nth = 0; nth < all.length; nth += 1) send(budget.admit(recorded$(starts, clock)))
    })
    expect(starts).toEqual(all)
  })

  test('default to a burst of a sixtieth of perMinute with earliest, so that no gap follows it', () => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = requestBudget({ perMinute: 120, earliest: 500, clock })
      for (let nth = 0; nth < 4; nth += 1) send(budget.admit(recorded$(starts, clock)))
    })
    expect(starts).toEqual([0, 0, 500, 1_000])
  })

  test.each([99, NaN, Infinity])('reject earliest: %p', earliest => {
    expect(() => requestBudget({ perMinute: 60, earliest })).toThrow(RangeError)
    expect(() => requestBudget({ perMinute: 60, earliest })).toThrow('earliest')
  })

  test.each([-0.1, 1, NaN])('reject headroom: %p', headroom => {
    expect(() => requestBudget({ perMinute: 60, headroom })).toThrow(
      new RangeError(`headroom must be a number from 0, and below 1, not ${String(headroom)}`),
    )
  })

  test('default to 32 requests in flight', () => {
    const starts = startsOf({ perMinute: 100 }, 33, 1_000)
    expect(starts.filter(started => started === 0)).toHaveLength(32)
    expect(starts.at(-1)).toBe(1_000)
  })

  test('space all requests evenly with a burst of 1', () => {
    expect(startsOf({ perMinute: 6, burst: 1 }, 8)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map(nth => nth * 10_000),
    )
  })

  test('default to performance.now as the clock', () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(7)
    requestBudget({ perMinute: 60 })
    expect(now).toHaveBeenCalled()
  })
})

describe('the headroom of a budget', () => {
  const startsWith = (options: BudgetOptions, answer: Answer, many: number): readonly number[] => {
    const starts: number[] = []
    marbles(({ clock }) => {
      const budget = requestBudget({ burst: options.perMinute, ...options, clock })
      send(answered$(budget, answer))
      for (let nth = 0; nth < many; nth += 1) send(budget.admit(recorded$(starts, clock)))
    })
    return starts
  }

  test('is a tenth of what the server allows', () => {
    // Of 20 the budget has 18; one is taken.
    const starts = startsWith({ perMinute: 60 }, limits(20, 19), 18)
    expect(starts.filter(start => start === 0)).toHaveLength(17)
    expect(starts.at(-1)).toBe(minute)
  })

  test('does not apply to the configured perMinute', () => {
    const starts = startsWith({ perMinute: 10 }, limits(5_000, 4_999), 10)
    expect(starts.filter(start => start === 0)).toHaveLength(9)
  })

  test('is also kept free of the requests that other clients leave', () => {
    // 5 of 20 are left, and 2 of them stay free.
    const starts = startsWith({ perMinute: 60 }, limits(20, 5, 30), 4)
    expect(starts).toEqual([0, 0, 0, 30_000])
  })

  test('leaves at least one request', () => {
    expect(startsWith({ perMinute: 60, headroom: 0.9 }, limits(5, 5), 1)).toEqual([minute])
  })
})
