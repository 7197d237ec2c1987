import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import {
  fetchStatus$,
  repeatOnSchedule,
  requestBudget,
  retryTransient,
  spaced,
  untilTerminal,
} from 'rx-upload-status'
import { completed, pending, processing, ref } from './answers'
import { fetches } from './fetches'
import { inTurn, whole } from './http/rawServer'
import { wire } from './http/wire'

const ok = (status: unknown): ReturnType<typeof whole> => whole(200, JSON.stringify(status))

const key = 'sk_test/4711'

describe.each(fetches)('fetchStatus$ by %s', (_, fetch) => {
  test('makes one request for each subscription, emits one value and completes', async () => {
    const server = await wire(inTurn(ok(pending), ok(processing)))
    const status$ = fetchStatus$(ref.account, ref.upload, {
      apiKey: key,
      baseUrl: server.url,
      fetch,
    })
    expect(await firstValueFrom(status$.pipe(toArray()))).toEqual([right(pending)])
    expect(await firstValueFrom(status$.pipe(toArray()))).toEqual([right(processing)])
    expect(server.requests).toHaveLength(2)
    expect(server.requests[0]).toMatch(`Bearer ${key}`)
  })

  test('emits a failure as a Left after one attempt, without a retry', async () => {
    const server = await wire(whole(503))
    const status$ = fetchStatus$(ref.account, ref.upload, {
      apiKey: key,
      baseUrl: server.url,
      fetch,
    })
    expect(await firstValueFrom(status$)).toEqual(
      left(expect.objectContaining({ _tag: 'Unavailable', status: 503, attempts: 1 })),
    )
    expect(server.requests).toHaveLength(1)
  })

  test('aborts the request on unsubscribe', async () => {
    const server = await wire(() => undefined)
    const subscription = fetchStatus$(ref.account, ref.upload, {
      apiKey: key,
      baseUrl: server.url,
      fetch,
    }).subscribe()
    await server.heard(1)
    subscription.unsubscribe()
    await server.gone()
  })

  test('is a watch with the other operators', async () => {
    const server = await wire(inTurn(ok(pending), whole(503), ok(processing), ok(completed)))
    const watch$ = fetchStatus$(ref.account, ref.upload, {
      apiKey: key,
      baseUrl: server.url,
      fetch,
    }).pipe(
      retryTransient({ base: 1, cap: 1 }),
      repeatOnSchedule(spaced(1)),
      untilTerminal(),
      toArray(),
    )
    expect(await lastValueFrom(watch$)).toEqual([
      right(pending),
      right(processing),
      right(completed),
    ])
    expect(server.requests).toHaveLength(4)
  })
})

describe('fetchStatus$', () => {
  test('sends nothing for an invalid id, and emits nothing during subscribe', async () => {
    const seen: unknown[] = []
    const status$ = fetchStatus$('acct_1', '../..', { apiKey: key })
    status$.subscribe(value => seen.push(value))
    expect(seen).toEqual([])
    expect(await firstValueFrom(status$)).toEqual(
      left(expect.objectContaining({ _tag: 'InvalidRequest', which: 'upload', attempts: 0 })),
    )
  })

  test('waits for its budget, and reports the limits in the answer to it', async () => {
    const server = await wire(
      inTurn(
        whole(200, JSON.stringify(pending), {
          'ratelimit-limit': '30',
          'ratelimit-remaining': '9',
        }),
        ok(completed),
      ),
    )
    const budget = requestBudget({ perMinute: 60, inFlight: 1, headroom: 0 })
    const options = { apiKey: key, baseUrl: server.url, budget }
    const status$ = fetchStatus$(ref.account, ref.upload, options)
    const both = Promise.all([firstValueFrom(status$), firstValueFrom(status$)])
    await server.heard(1)
    expect(budget.load().queue).toBe(1)
    expect(await both).toEqual([right(pending), right(completed)])
    expect(budget.load().rate).toBe(30)
  })

  test('rejects the options of a watch, and names its own', () => {
    const options = { apiKey: key, deadline: 1_000 }
    expect(() => fetchStatus$('acct_1', 'ofapi_media_1', options)).toThrow(
      'options has no member named deadline; it may have apiKey, attemptTimeout, baseUrl, budget, fetch, headers',
    )
  })
})
