import { expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { Observable } from 'rxjs'
import { fetchStatus$, requestBudget, spaced } from 'rx-upload-status'
import { completed, pending, ref } from '../answers'
import { wire } from '../http/wire'
import { inFakeTime } from './fakeTime'
import { follow, key } from './follow'
import { good } from './laws'
import { patience, perSecondOf, serveAll, watchMany } from './manyWatches'
import { row } from './row'

row('a budget that stays saturated after its window is full', ({ fetch }) => {
  inFakeTime()

  test(
    'starts requests evenly in every later minute',
    async () => {
      const server = await serveAll(() => pending)
      const budget = requestBudget({ perMinute: 60 })
      const options = { apiKey: key, baseUrl: server.url, fetch, budget, schedule: spaced(5_000) }
      const began = performance.now()
      const seen = watchMany(24, [options], {})
      await seen.go(150_000)
      seen.stop()
      const later = perSecondOf(seen.starts, began).slice(62, 150)
      expect(Math.max(...later)).toBeLessThanOrEqual(2)
      expect(later.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(84)
    },
    patience,
  )
})

row('budget.admit(...) for a subscriber that is already closed', ({ fetch }) => {
  test('makes no request, and takes no slot', async () => {
    const server = await wire(good)
    const budget = requestBudget({ perMinute: 60, inFlight: 1 })
    const options = { apiKey: key, baseUrl: server.url, fetch }
    const requests = [
      fetchStatus$(ref.account, ref.upload, { ...options, budget }),
      budget.admit(fetchStatus$(ref.account, ref.upload, options)),
    ]
    for (const request$ of requests)
      new Observable(subscriber => {
        subscriber.complete()
        request$.subscribe(subscriber)
      }).subscribe()
    expect(budget.load().queue).toBe(0)
    const next = follow(server.url, { fetch, budget })
    expect(await next.ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(1)
  })
})
