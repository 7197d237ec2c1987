import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { requestBudget } from '../../src/budget/requestBudget'
import { rejected } from '../../src/failure/failure'
import type { Answer } from '../../src/api/answer'
import { completed, ok } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'

const refusal = (key: NonNullable<Answer['key']>) =>
  right<never, Answer>({
    status: 401,
    header: name => (name === 'x-ofapi-credits-balance' ? '97' : null),
    body: right({ error: 'Invalid API key.' }),
    receivedAt: 0,
    key,
  })

const answers = {
  c: ok(completed),
  n: refusal('changed'),
  b: refusal('refusedBefore'),
  r: refusal('refused'),
}
const gone = rejected(401, null, 'Invalid API key.')

describe.each(engines)('a key that is refused, by %s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  test('and has changed meanwhile costs one more attempt at once, and no retry', () => {
    inVirtualTime(answers, ({ watch$, expectObservable, requests, events, flush }) => {
      const retry = { retries: 0 }
      expectObservable(watch$(['--(n|)', '--(c|)'], { retry })).toBe('----(c|)', {
        c: right(completed),
      })
      flush()
      expect(requests.map(({ from }) => from)).toEqual([0, 2])
      expect(events).toContainEqual(expect.objectContaining({ wait: 0, retries: 0 }))
    })
  })

  test('again and again, though it changes each time, ends the watch after the second', () => {
    inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
      expectObservable(watch$(['--(n|)'])).toBe('----(x|)', {
        x: left({ ...gone, attempts: 2, elapsed: 4 }),
      })
      flush()
      expect(requests).toHaveLength(2)
    })
  })

  test.each(['r', 'b'])('for good ends the watch: %s', mark => {
    inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
      expectObservable(watch$([`--(${mark}|)`])).toBe('--(x|)', {
        x: left({ ...gone, attempts: 1, elapsed: 2 }),
      })
      flush()
      expect(requests).toHaveLength(1)
    })
  })

  test.each([
    ['r', 1],
    ['b', 0],
  ])('teaches the budget and reports credits only when it was sent: %s', (mark, times) => {
    inVirtualTime(answers, ({ watch$, scheduler, events, flush }) => {
      const learned: Answer[] = []
      const clock = (): number => scheduler.now()
      const budget = requestBudget({ perMinute: 60, clock })
      const learn = (answer: Answer): void => {
        learned.push(answer)
        budget.learn(answer)
      }
      watch$([`(${mark}|)`], { budget: { ...budget, learn } }).subscribe()
      flush()
      expect(learned).toHaveLength(times)
      expect(events.filter(({ _tag }) => _tag === 'CreditsReported')).toHaveLength(times)
    })
  })
})
