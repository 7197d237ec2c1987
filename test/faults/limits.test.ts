import { describe, expect, test } from '@jest/globals'
import { requestBudget, type Fetch } from 'rx-upload-status'
import { right } from 'fp-ts/Either'
import { completed, pending } from '../answers'
import { inTurn, whole, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'
import { inFakeTime, pass, today } from './fakeTime'
import { follow } from './follow'
import { good } from './laws'
import { row } from './row'

type Headers = Readonly<Record<string, string>>

const page = '<html><head><title>Error</title></head></html>'

/** The budget's rate after one answer; without any limit it is 1,000. */
const rateAfter = async (reply: Reply, fetch: Fetch): Promise<number> => {
  const budget = requestBudget({ perMinute: 1_000, headroom: 0 })
  const server = await wire(inTurn(reply, good))
  const watch = follow(server.url, { fetch, budget, schedule: () => Infinity })
  await Promise.race([watch.received('PollScheduled'), watch.received('AttemptFailed')])
  watch.stop()
  return budget.load().rate
}

const ok = (headers: Headers): Reply => whole(200, JSON.stringify(pending), headers)

const family = (prefix: string, limit: string, remaining: string, reset?: string): Headers => ({
  [`${prefix}-Limit`]: limit,
  [`${prefix}-Remaining`]: remaining,
  ...(reset !== undefined && { [`${prefix}-Reset`]: reset }),
})

row("a quota in the vendor's headers, in RateLimit structured fields, in lists", ({ fetch }) => {
  test.each<[string, Headers]>([
    [
      "the vendor's headers",
      { 'X-Rate-Limit-Limit-Minute': '60', 'X-Rate-Limit-Remaining-Minute': '59' },
    ],
    ['RateLimit-*', family('RateLimit', '60', '59', '45')],
    ['X-RateLimit-*', family('X-RateLimit', '60', '59')],
    ['a list', family('RateLimit', '60, 60;w=60', '59', '20')],
    ['a header that is sent twice', family('X-RateLimit', '60, 60', '59, 59')],
    [
      'a structured field',
      { 'RateLimit-Policy': '"default";q=60;w=60', RateLimit: '"default";r=59;t=20' },
    ],
    [
      'two policies (the stricter applies)',
      { 'RateLimit-Policy': '"a";q=10;w=1, "b";q=60;w=60', RateLimit: '"b";r=59;t=20' },
    ],
    ['an older draft', { RateLimit: 'limit=60, remaining=59, reset=45' }],
  ])('is read from %s', async (_, headers) => {
    expect(await rateAfter(ok(headers), fetch)).toBe(60)
  })

  describe('with a Unix time as the reset', () => {
    inFakeTime()

    test.each([
      ['an hour slow', 3_600_000],
      ['correct', 0],
      ['an hour fast', -3_600_000],
    ])("is relative to the server's Date when the local clock is %s", async (_, skew) => {
      const sent = today + skew
      const reset = String(sent / 1_000 + 20)
      const date = new Date(sent).toUTCString()
      const last = ok({ ...family('X-RateLimit', '60', '0', reset), Date: date })
      const budget = requestBudget({ perMinute: 60 })
      const server = await wire(inTurn(last, good))
      const watch = follow(server.url, { fetch, budget })
      pass(1)
      await watch.received('PollScheduled')
      pass(19_990)
      expect(watch.attempts()).toHaveLength(1)
      pass(100)
      expect(await watch.ended).toEqual([right(pending), right(completed)])
    })
  })
})

row('a limit in a 502, a 302, an HTML page', ({ fetch }) => {
  const limits = { ...family('X-RateLimit', '1', '0'), 'RateLimit-Policy': '"all";q=1;w=60' }

  test.each<[string, Reply]>([
    ['a 502', whole(502, '{"_meta":{"_rate_limits":{"limit_minute":1}}}', limits)],
    ['a 502 with a page', whole(502, page, limits)],
    ['a 302', whole(302, '', { ...limits, location: 'https://login.example/' })],
    ['a 200 with a page', whole(200, page, limits)],
    ['a 403 with a page', whole(403, page, limits)],
    ['a 404', whole(404, '{"error":"No."}', limits)],
    ['a 503', whole(503, '{}', limits)],
    ['a 429 with a page', whole(429, page, { ...limits, 'retry-after': '1' })],
  ])('is ignored in %s', async (_, reply) => {
    expect(await rateAfter(reply, fetch)).toBe(1_000)
  })

  test('applies in a 429 of the API', async () => {
    const limit = whole(429, '{"error":"Slow."}', { ...limits, 'retry-after': '1' })
    expect(await rateAfter(limit, fetch)).toBe(1)
  })
})

row('a limit per second, per hour, per day', ({ fetch }) => {
  test.each<[string, Headers, number]>([
    ['ten a second', family('RateLimit', '10', '9', '1'), 1_000],
    ['ten a second, in a list', family('RateLimit', '10, 10;w=1', '9', '1'), 600],
    ['ten a second, as a policy', { 'RateLimit-Policy': '"s";q=10;w=1' }, 600],
    ['5,000 an hour', family('X-RateLimit', '5000', '4999', '3599'), 1_000],
    ['5,000 an hour, with its window', { 'RateLimit-Policy': '5000;w=3600' }, 83],
    ['5,000 an hour, none left', family('X-RateLimit', '5000', '0', '1800'), 1_000],
    ['one a day', family('X-RateLimit', '1', '0', '86399'), 1_000],
    ['one a day, with its window', { 'RateLimit-Policy': '"day";q=1;w=86400' }, 1_000],
    [
      'headers for a day',
      { 'X-RateLimit-Limit-Day': '9', 'X-RateLimit-Remaining-Day': '0' },
      1_000,
    ],
    [
      'bytes',
      { 'RateLimit-Policy': '"b";q=9;w=60;qu="content-bytes"', RateLimit: '"b";r=1;t=9' },
      1_000,
    ],
  ])('sets the right rate per minute: %s', async (_, headers, rate) => {
    expect(await rateAfter(ok(headers), fetch)).toBe(rate)
  })

  test('does not pause the budget when one a day is used up', async () => {
    const budget = requestBudget({ perMinute: 1_000 })
    const server = await wire(inTurn(ok(family('X-RateLimit', '1', '0', '86399')), good))
    const watch = follow(server.url, { fetch, budget })
    expect(await watch.ended).toEqual([right(pending), right(completed)])
  })
})
