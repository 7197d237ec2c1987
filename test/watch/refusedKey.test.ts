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

describe.each(engines)('a refused key, with %s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  test('is followed by one immediate attempt if the key has changed, and spends no retry', () => {
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

  test('ends the watch after the second refusal, even if the key changes each time', () => {
    inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
      expectObservable(watch$(['--(n|)'])).toBe('----(x|)', {
        x: left({ ...gone, attempts: 2, elapsed: 4 }),
      })
      flush()
      expect(requests).toHaveLength(2)
    })
  })

  test.each([
    ['by the server', 'r'],
    ['without a request, as before', 'b'],
  ])('ends the watch if the key is refused %s', (_, mark) => {
    inVirtualTime(answers, ({ watch$, expectObservable, requests, flush }) => {
      expectObservable(watch$([`--(${mark}|)`])).toBe('--(x|)', {
        x: left({ ...gone, attempts: 1, elapsed: 2 }),
      })
      flush()
      expect(requests).toHaveLength(1)
    })
  })

  test.each([
    ['with a request reaches the budget and emits CreditsReported', 'r', 1],
    ['without a request does neither', 'b', 0],
  ])('%s', (_, mark, times) => {
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
