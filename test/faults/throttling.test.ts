import { describe, expect, jest, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { BehaviorSubject, Subject } from 'rxjs'
import { requestBudget, type UploadStatus } from 'rx-upload-status'
import { throttled, unavailable } from '../../src/failure/failure'
import { completed, pending, processing, pushing } from '../answers'
import { inTurn, whole, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'
import { inFakeTime, pass, today } from './fakeTime'
import { follow, lost } from './follow'
import { good } from './laws'
import { row } from './row'

type Headers = Readonly<Record<string, string>>

const limited = (headers: Headers, status = 429): Reply =>
  whole(status, '{"error":"Too many requests."}', headers)

const httpDate = (ms: number): string => new Date(ms).toUTCString()

const retry = { retries: 0, base: 100, cap: 100 }

row('429 with Retry-After in seconds or as a date', ({ fetch }) => {
  inFakeTime()
  const old = Date.parse('1999-12-31T23:59:50Z')

  describe.each<[string, Headers, number]>([
    ['in seconds', { 'retry-after': '7' }, 7_000],
    ['as a date', { 'retry-after': httpDate(today + 7_000) }, 6_900],
    [
      "as a date by the server's own clock",
      { date: httpDate(old), 'retry-after': httpDate(old + 7_000) },
      7_000,
    ],
    [
      'as a date in the form of RFC 850',
      { date: httpDate(old), 'retry-after': 'Friday, 31-Dec-99 23:59:57 GMT' },
      7_000,
    ],
    [
      'as a date in the form of asctime',
      { date: httpDate(old), 'retry-after': 'Fri Dec 31 23:59:57 1999' },
      7_000,
    ],
  ])('%s', (_, headers, least) => {
    test('pauses every watch on that budget for that time, and spends no retry', async () => {
      const budget = requestBudget({ perMinute: 1_000 })
      const server = await wire(inTurn(limited(headers), good))
      const first = follow(server.url, { fetch, retry, budget })
      pass(1)
      await first.received('RetryScheduled')
      const second = follow(server.url, { fetch, retry, budget })
      pass(least - 1)
      expect([first.attempts().length, second.attempts().length]).toEqual([1, 0])
      pass(least / 5)
      // One of them sends a probe; the other sends its request after the answer.
      await Promise.race([first.ended, second.ended])
      pass(100)
      expect(await first.ended).toEqual([right(completed)])
      expect(await second.ended).toEqual([right(completed)])
      expect(server.requests).toHaveLength(3)
      // Up to an eighth more, so that the watches do not all return at the same time.
      expect(first.waits()[0]).toBeGreaterThan(least)
      expect(first.waits()[0]).toBeLessThan(7_000 * 1.12)
    })
  })

  test('does not stop the deadline', async () => {
    const server = await wire(limited({ 'retry-after': '7' }))
    const followed = follow(server.url, { fetch, retry, deadline: 10_000 })
    pass(1)
    await followed.received('RetryScheduled')
    pass(8_000)
    // The next attempt could start at 14 s at the earliest.
    expect(await followed.ended).toEqual([lost(throttled(7_000), 2)])
    expect(server.requests).toHaveLength(2)
  })

  test('does not pause a watch on another budget or without one', async () => {
    const server = await wire(inTurn(limited({ 'retry-after': '7' }), good))
    const first = follow(server.url, { fetch, budget: requestBudget({ perMinute: 10 }) })
    pass(1)
    await first.received('RetryScheduled')
    const others = [requestBudget({ perMinute: 10 }), undefined].map(budget =>
      follow(server.url, { fetch, budget }),
    )
    pass(1)
    for (const other of others) expect(await other.ended).toEqual([right(completed)])
    first.stop()
  })
})

row(
  '429 without Retry-After, or with -5, 1.5, abc, an empty value, 0, a past date',
  ({ fetch }) => {
    inFakeTime()

    describe.each<[string, Headers]>([
      ['without it', {}],
      ...['-5', '1.5', 'abc', '', '0', '1e3', '0x10', '-7, 0', '7s', httpDate(today - 1_000)].map(
        (value): [string, Headers] => [`with "${value}"`, { 'retry-after': value }],
      ),
    ])('%s', (_, headers) => {
      test.each([100, 0])('backs off for at least a millisecond: base %d', async base => {
        const server = await wire(
          inTurn(limited(headers), limited(headers), limited(headers), limited(headers), good),
        )
        const followed = follow(server.url, { fetch, retry: { retries: 0, base, cap: 400 } })
        for (let asked = 1; asked <= 4; asked += 1) {
          pass(1)
          await followed.received('RetryScheduled', asked)
          const wait = followed.waits().at(-1) ?? 0
          expect(wait).toBeGreaterThanOrEqual(Math.max(1, base))
          expect(wait).toBeLessThanOrEqual(Math.max(1, base + 400))
          pass(Math.max(0, Math.floor(wait) - 1))
          expect(followed.attempts()).toHaveLength(asked)
          pass(2)
        }
        expect(await followed.ended).toEqual([right(completed)])
        expect(server.requests).toHaveLength(5)
      })

      test('pauses the budget for at least a second', async () => {
        const budget = requestBudget({ perMinute: 1_000 })
        const server = await wire(inTurn(limited(headers), good))
        const first = follow(server.url, { fetch, retry, budget })
        pass(1)
        await first.received('RetryScheduled')
        const second = follow(server.url, { fetch, budget })
        pass(999)
        expect([first.attempts().length, second.attempts().length]).toEqual([1, 0])
        pass(2_000)
        await Promise.race([first.ended, second.ended])
        pass(100)
        for (const each of [first, second]) expect(await each.ended).toEqual([right(completed)])
      })
    })
  },
)

row('Retry-After: 2, 2', ({ fetch }) => {
  inFakeTime()

  test.each<[string, number]>([
    ['2, 2', 2_000],
    ['2,7', 7_000],
    [`${httpDate(today + 9_000)}, 2`, 8_900],
    [`1, ${httpDate(today + 9_000)}, ${httpDate(today + 4_000)}`, 8_900],
  ])('the longest of "%s" applies', async (value, least) => {
    for (const status of [429, 503]) {
      const server = await wire(inTurn(limited({ 'retry-after': value }, status), good))
      const followed = follow(server.url, { fetch })
      pass(1)
      await followed.received('RetryScheduled')
      pass(least - 1)
      expect(followed.attempts()).toHaveLength(1)
      pass(least / 5)
      expect(await followed.ended).toEqual([right(completed)])
      expect(followed.waits()[0]).toBeGreaterThanOrEqual(least)
      jest.setSystemTime(today)
    }
  })
})

row('Retry-After on a 200 that is not terminal', ({ fetch }) => {
  inFakeTime()
  const busy = whole(200, JSON.stringify(pending), { 'retry-after': '7' })

  test('the next poll is not earlier', async () => {
    const server = await wire(inTurn(busy, good))
    const followed = follow(server.url, { fetch })
    pass(1)
    await followed.received('PollScheduled')
    pass(7_000)
    expect(followed.attempts()).toHaveLength(1)
    pass(1_000)
    expect(await followed.ended).toEqual([right(pending), right(completed)])
    expect(followed.waits()[0]).toBeGreaterThan(7_000)
    expect(followed.waits()[0]).toBeLessThan(7_000 * 1.12)
  })

  test('a longer wait of the schedule is not shortened', async () => {
    const server = await wire(inTurn(busy, good))
    const followed = follow(server.url, { fetch, schedule: () => 60_000 })
    pass(1)
    await followed.received('PollScheduled')
    expect(followed.waits()).toEqual([60_000])
    followed.stop()
  })

  test('the next poll is not earlier after a pause or a push either', async () => {
    const activity$ = new BehaviorSubject(true)
    const push$ = new Subject<UploadStatus>()
    const server = await wire(inTurn(busy, good))
    const followed = follow(server.url, { fetch, activity$, push: pushing(push$) })
    pass(1)
    await followed.received('PollScheduled')
    activity$.next(false)
    pass(1_000)
    activity$.next(true)
    push$.next(processing)
    pass(6_000)
    expect(followed.attempts()).toHaveLength(1)
    pass(1_000)
    expect(await followed.ended).toEqual([right(pending), right(processing), right(completed)])
  })

  test('the retry after a 202 or an unknown status is not earlier either', async () => {
    const unknown = JSON.stringify({ ...pending, status: 'archived' })
    const headers = { 'retry-after': '7' }
    const server = await wire(inTurn(whole(202, '{}', headers), whole(200, unknown, headers), good))
    const followed = follow(server.url, { fetch })
    for (const nth of [1, 2]) {
      pass(1)
      await followed.received('RetryScheduled', nth)
      pass(7_000)
      expect(followed.attempts()).toHaveLength(nth)
      pass(1_000)
    }
    expect(await followed.ended).toEqual([right(completed)])
  })
})

row('Retry-After past the deadline', ({ fetch }) => {
  describe.each([
    ['in seconds', '3600', 3_600_000],
    ['as a date', httpDate(Date.now() + 3_600_000), expect.any(Number)],
    ['too large for a number', '9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ])('%s', (_, after, retryAfter) => {
    test.each([
      [429, throttled(null)],
      [503, unavailable(503)],
    ])('ends the watch after one request, in a %d', async (status, failure) => {
      const server = await wire(inTurn(limited({ 'retry-after': after }, status), good))
      const values = await follow(server.url, { fetch, deadline: 600_000 }).ended
      expect(values).toEqual([lost({ ...failure, retryAfter }, 1)])
      expect(server.requests).toHaveLength(1)
    })
  })
})

row('_rate_limits and headers that disagree, are missing or negative', ({ fetch }) => {
  inFakeTime()
  const limits = (limit: unknown, remaining: unknown): object => ({
    _meta: { _rate_limits: { limit_minute: limit, remaining_minute: remaining } },
  })
  const named = (prefix: string, limit: string, remaining: string): Headers => ({
    [`${prefix}-limit`]: limit,
    [`${prefix}-remaining`]: remaining,
  })

  test.each<[string, object, Headers, number]>([
    ['the headers are stricter', limits(100, 50), named('ratelimit', '100', '1'), 1],
    ['the body is stricter', limits(100, 2), named('x-ratelimit', '100', '50'), 2],
    ['the other headers are stricter', limits(100, 9), named('x-ratelimit', '100', '0'), 0],
    ['the headers are missing', limits(100, 1), {}, 1],
    ['the body is missing', {}, named('ratelimit', '100', '1'), 1],
    ['the body is negative', limits(100, -1), named('ratelimit', '100', '1'), 1],
    ['the headers are negative', limits(100, 2), named('ratelimit', '100', '-1'), 2],
    ['both are negative', limits(-100, -1), named('ratelimit', '-100', '-1'), 3],
    ['none is a number', limits('many', null), named('ratelimit', 'abc', 'NaN'), 3],
    ['more remain than the limit', limits(10, 11), named('ratelimit', '0', '0'), 3],
    ['none is a whole number', limits(1.5, 0.5), named('ratelimit', '1e9', '0.0'), 3],
    ['all are missing', {}, {}, 3],
    ['half is missing', limits(undefined, 0), { 'ratelimit-remaining': '0' }, 3],
  ])('%s: the strictest plausible limit applies', async (_, body, headers, free) => {
    const budget = requestBudget({ perMinute: 100, headroom: 0 })
    const first = whole(200, JSON.stringify({ ...pending, ...body }), headers)
    const server = await wire(inTurn(first, good))
    const watch = follow(server.url, { fetch, budget, schedule: () => Infinity })
    pass(1)
    await watch.emitted(1)
    const more = [1, 2, 3].map(() => follow(server.url, { fetch, budget }))
    pass(1)
    expect(more.flatMap(({ attempts }) => attempts())).toHaveLength(free)
    for (const each of more.slice(0, free)) expect(await each.ended).toEqual([right(completed)])
    // The window resets.
    pass(60_000)
    for (const each of more.slice(free)) expect(await each.ended).toEqual([right(completed)])
    watch.stop()
  })
})

row('the last permitted request of the window, on a 200', ({ fetch }) => {
  inFakeTime()

  test.each<[string, object, Headers, number]>([
    [
      'until the reset in the headers',
      {},
      { 'ratelimit-limit': '100', 'ratelimit-remaining': '0', 'ratelimit-reset': '20' },
      20_000,
    ],
    [
      'for a minute if only the body states it',
      { _meta: { _rate_limits: { limit_minute: 100, remaining_minute: 0 } } },
      {},
      60_000,
    ],
  ])('pauses the budget %s', async (_, body, headers, pause) => {
    const budget = requestBudget({ perMinute: 100 })
    const last = whole(200, JSON.stringify({ ...pending, ...body }), headers)
    const server = await wire(inTurn(last, good))
    const first = follow(server.url, { fetch, budget })
    pass(1)
    await first.emitted(1)
    const second = follow(server.url, { fetch, budget })
    pass(pause - 1)
    expect([first.attempts().length, second.attempts().length]).toEqual([1, 0])
    pass(2)
    expect(await first.ended).toEqual([right({ ...pending, ...body }), right(completed)])
    expect(await second.ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(3)
  })
})
