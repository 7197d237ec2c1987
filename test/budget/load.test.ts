import { describe, expect, test } from '@jest/globals'
import { EMPTY, NEVER } from 'rxjs'
import type { BudgetEvent } from '../../src/budget/saturation'
import { loadAtRest } from './loadAtRest'
import { marbles } from '../marbles'
import { minute, wholeBudget, send, limits, slowDown } from './budgets'

describe('the load of a budget', () => {
  test('includes the running requests and the pause after a 429', () => {
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, burst: 5, clock })
      const running = send(budget.admit(NEVER))
      expect(budget.load()).toMatchObject({ running: 1, pausedFor: 0 })
      budget.learn(slowDown('9'))
      expect(budget.load().pausedFor).toBeGreaterThanOrEqual(9_000)
      running.unsubscribe()
      expect(budget.load()).toMatchObject({ queue: 0, wait: 0, running: 0 })
      at(minute, () => {
        expect(budget.load()).toMatchObject({ pausedFor: 0 })
      })
    })
  })

  test('includes the queue length, the wait and the rate', () => {
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, burst: 1, clock })
      expect(budget.load()).toEqual(loadAtRest)
      for (let nth = 0; nth < 4; nth += 1) send(budget.admit(EMPTY))
      expect(budget.load()).toMatchObject({ queue: 3, wait: 3_000, rate: 60, lateness: 1_500 })
      budget.learn(limits(30, 29))
      budget.learn(slowDown('9'))
      expect(budget.load()).toMatchObject({ queue: 3, wait: 15_000, rate: 30 })
      at(minute, () => {
        expect(budget.load()).toMatchObject({ queue: 0, wait: 0, rate: 30 })
      })
    })
  })

  test('includes growth if uploads are added faster than the rate, and counts no later poll', () => {
    marbles(({ at, clock }) => {
      const [first, later] = [1, 2].map(attempt => {
        const budget = wholeBudget({ perMinute: 60, clock })
        for (let nth = 0; nth < 100; nth += 1)
          at(600 * nth, () => {
            const ref = { account: 'acct_1', upload: `ofapi_media_${String(nth)}` }
            send(budget.admit(EMPTY, 0, { ref, age: 0, knownAge: 0, attempt }))
          })
        return budget
      })
      at(minute, () => {
        expect(first?.load().growth).toBeGreaterThanOrEqual(35)
        expect(first?.load().growth).toBeLessThanOrEqual(45)
        expect(later?.load().growth).toBe(0)
      })
    })
  })

  test('includes the remaining pause in the wait of queued requests', () => {
    marbles(({ at, clock }) => {
      const budget = wholeBudget({ perMinute: 60, clock })
      at(10_000, () => {
        budget.learn(slowDown('9'))
        expect(budget.load()).toMatchObject({ queue: 0, wait: 0, rate: 60 })
        send(budget.admit(EMPTY))
        expect(budget.load()).toMatchObject({ queue: 1, wait: 10_000, rate: 60 })
      })
    })
  })

  test('is reported when a request has to wait longer than 10 s, and when the queue is empty again', () => {
    const events: unknown[] = []
    marbles(({ at, clock }) => {
      const on = (event: BudgetEvent): void => {
        events.push([clock(), event])
        throw new Error('of the observer')
      }
      const budget = wholeBudget({ perMinute: 60, burst: 1, clock, on })
      for (let nth = 0; nth < 13; nth += 1) send(budget.admit(EMPTY))
      at(30_000, () => {
        send(budget.admit(EMPTY))
      })
    })
    expect(events).toEqual([
      [0, { ...loadAtRest, _tag: 'Saturated', queue: 11, wait: 11_000, lateness: 5_500 }],
      [12_000, { ...loadAtRest, _tag: 'Relieved' }],
    ])
  })

  test('is reported as Relieved after the queued requests are unsubscribed', () => {
    const tags: string[] = []
    marbles(({ clock }) => {
      const on = ({ _tag }: BudgetEvent): number => tags.push(_tag)
      const budget = wholeBudget({ perMinute: 60, burst: 1, clock, on })
      const all = Array.from({ length: 20 }, () => send(budget.admit(EMPTY)))
      for (const each of all) each.unsubscribe()
    })
    expect(tags).toEqual(['Saturated', 'Relieved'])
  })
})
