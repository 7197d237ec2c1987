import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import { malformed, unavailable } from '../../src/failure/failure'
import { rateLimitOf } from '../../src/api/rateLimit'
import { answerOf } from './answerOf'

const receivedAt = Date.UTC(2026, 10, 22)

const inBody = (limit_minute: unknown, remaining_minute: unknown) =>
  right({ status: 'pending', _meta: { _rate_limits: { limit_minute, remaining_minute } } })

const inHeaders = (prefix: string, limit: string, remaining: string, reset?: string) => ({
  [`${prefix}-limit`]: limit,
  [`${prefix}-remaining`]: remaining,
  ...(reset !== undefined && { [`${prefix}-reset`]: reset }),
})

const ofMinute = (prefix: string, limit: string, remaining: string) => ({
  [`${prefix}-limit-minute`]: limit,
  [`${prefix}-remaining-minute`]: remaining,
})

type Headers = Readonly<Record<string, string>>

const read = (headers: Headers) => rateLimitOf(answerOf({ receivedAt, headers }))

const families = ['ratelimit', 'x-ratelimit', 'x-rate-limit']

/** The limit of a window of one minute. */
const minutely = (limit: number, remaining: number, resetIn = 60_000) => ({
  perMinute: limit,
  windows: [{ limit, remaining, resetIn }],
})

describe('rateLimitOf', () => {
  test('reads the limit in the body', () => {
    expect(rateLimitOf(answerOf({ body: inBody(60, 59) }))).toEqual(minutely(60, 59))
  })

  test('ignores the limit of the day, which may be null', () => {
    const _rate_limits = {
      limit_minute: 60,
      remaining_minute: 0,
      limit_day: null,
      remaining_day: null,
    }
    const body = right({ _meta: { _rate_limits } })
    expect(rateLimitOf(answerOf({ body }))).toEqual(minutely(60, 0))
  })

  test.each(families)('reads the headers %s-*', prefix => {
    expect(read(inHeaders(prefix, '60', '7', '42'))).toEqual(minutely(60, 7, 42_000))
    expect(read(inHeaders(prefix, '60', '7'))).toEqual(minutely(60, 7))
  })

  test.each(['x-rate-limit', 'x-ratelimit'])(
    'reads %s-limit-minute if it comes with a valid remainder',
    prefix => {
      expect(read(ofMinute(prefix, '60', '7'))).toEqual(minutely(60, 7))
      expect(read(ofMinute(prefix, '60', '61'))).toBeNull()
      expect(read({ [`${prefix}-limit-minute`]: '60' })).toBeNull()
      expect(read(ofMinute(prefix, '60', '-1'))).toBeNull()
    },
  )

  test('returns the strictest limit per minute, and each window', () => {
    const answer = answerOf({
      body: inBody(100, 50),
      headers: {
        ...inHeaders('ratelimit', '60', '55', '40'),
        ...inHeaders('x-ratelimit', '80', '9', '50'),
        ...ofMinute('x-rate-limit', '90', '80'),
      },
    })
    expect(rateLimitOf(answer)).toEqual({
      perMinute: 60,
      windows: [
        { limit: 100, remaining: 50, resetIn: 60_000 },
        { limit: 90, remaining: 80, resetIn: 60_000 },
        { limit: 60, remaining: 55, resetIn: 40_000 },
        { limit: 80, remaining: 9, resetIn: 50_000 },
      ],
    })
  })

  test('ignores invalid statements and reads the others', () => {
    const answer = answerOf({
      body: inBody(-1, 5),
      headers: {
        ...inHeaders('ratelimit', '60', '55', '40'),
        ...inHeaders('x-ratelimit', '10', '11'),
      },
    })
    expect(rateLimitOf(answer)).toEqual(minutely(60, 55, 40_000))
  })

  test.each<[string, unknown]>([
    ['that is null', null],
    ['that is a string', 'plenty'],
    ['that is an array', []],
    ['without _meta', {}],
    ['with a _meta that is null', { _meta: null }],
    ['with a _meta that is a string', { _meta: 'plenty' }],
    ['without _rate_limits', { _meta: {} }],
    ['with _rate_limits that are a number', { _meta: { _rate_limits: 60 } }],
    ['with empty _rate_limits', { _meta: { _rate_limits: {} } }],
  ])('returns null for a body %s', (_, body) => {
    expect(rateLimitOf(answerOf({ body: right(body) }))).toBeNull()
  })

  test('returns null without a body', () => {
    expect(rateLimitOf(answerOf({ body: left(malformed('notJson')) }))).toBeNull()
  })

  test.each<[number | string | boolean | null | undefined | number[], unknown]>([
    [60, undefined],
    [undefined, 60],
    [60, null],
    [0, 0],
    [-60, 5],
    [60, -1],
    [60, 61],
    [60.5, 5],
    [60, 0.5],
    [Infinity, 5],
    [NaN, NaN],
    ['', ''],
    ['60', ''],
    ['-60', '5'],
    ['sixty', '5'],
    ['1e3', '5'],
    [true, false],
    [2 ** 60, 5],
    [[60], [5]],
  ])('returns null for a limit of %p with %p remaining', (limit, remaining) => {
    expect(rateLimitOf(answerOf({ body: inBody(limit, remaining) }))).toBeNull()
    for (const prefix of families)
      if (!Array.isArray(limit))
        expect(read(inHeaders(prefix, String(limit), String(remaining)))).toBeNull()
  })

  test.each([0, 1, 59, 60])('accepts a limit of 60 with %d remaining', remaining => {
    expect(rateLimitOf(answerOf({ body: inBody(60, remaining) }))).toEqual(minutely(60, remaining))
  })

  test('accepts numbers as strings of digits', () => {
    expect(rateLimitOf(answerOf({ body: inBody('60', '0') }))).toEqual(minutely(60, 0))
  })
})

describe('rateLimitOf by HTTP status', () => {
  const headers = inHeaders('ratelimit', '10', '9')

  test.each([200, 201, 202, 204, 299, 429])('reads the limit of a %d', status => {
    expect(rateLimitOf(answerOf({ status, headers }))).toEqual(minutely(10, 9))
  })

  test.each([0, 101, 199, 300, 302, 304, 400, 401, 403, 404, 407, 408, 428, 430, 500, 502, 503])(
    'ignores the limit of a %d, which a proxy may have sent',
    status => {
      expect(rateLimitOf(answerOf({ status, headers, body: inBody(10, 9) }))).toBeNull()
    },
  )

  test.each([200, 429])('ignores the limit of an HTML page with a %d', status => {
    const page = left(unavailable(status, null, true))
    expect(rateLimitOf(answerOf({ status, headers, body: page }))).toBeNull()
    const text = { ...headers, 'content-type': 'text/html; charset=utf-8' }
    const body = left(malformed('notJson'))
    expect(rateLimitOf(answerOf({ status, headers: text, body }))).toBeNull()
  })
})

describe('the structured header RateLimit', () => {
  test('refers to a policy of RateLimit-Policy', () => {
    expect(
      read({ 'ratelimit-policy': '"default";q=100;w=60', ratelimit: '"default";r=50;t=30' }),
    ).toEqual({ perMinute: 100, windows: [{ limit: 100, remaining: 50, resetIn: 30_000 }] })
  })

  test('may refer to several policies: the strictest one applies', () => {
    expect(
      read({
        'ratelimit-policy': '"burst";q=10;w=1, "minute";q=90;w=60, "day";q=1000000;w=86400',
        ratelimit: '"burst";r=9;t=1, "minute";r=80;t=20, "day";r=5;t=80000',
      }),
    ).toEqual({
      perMinute: 90,
      windows: [
        { limit: 10, remaining: 9, resetIn: 1_000 },
        { limit: 90, remaining: 80, resetIn: 20_000 },
      ],
    })
  })

  test('without a policy states a window until its reset, and no limit per minute', () => {
    expect(read({ ratelimit: '"default";r=5;t=10' })).toEqual({
      perMinute: null,
      windows: [{ limit: 5, remaining: 5, resetIn: 10_000 }],
    })
  })

  test('is optional: RateLimit-Policy alone states a limit without a window', () => {
    expect(read({ 'ratelimit-policy': '"default";q=100;w=60' })).toEqual({
      perMinute: 100,
      windows: [],
    })
    expect(read({ 'ratelimit-policy': '100;w=60, 5000;w=3600' })).toEqual({
      perMinute: 83,
      windows: [],
    })
  })

  test.each(['content-bytes', 'concurrent-requests'])('is ignored if its unit is %s', unit => {
    expect(
      read({
        'ratelimit-policy': `"other";q=100;w=60;qu="${unit}"`,
        ratelimit: '"other";r=5;t=30',
      }),
    ).toBeNull()
  })

  test('is read if its unit is requests', () => {
    expect(read({ 'ratelimit-policy': '"all";q=100;w=60;qu="requests"' })?.perMinute).toBe(100)
  })

  test('may be a dictionary, as in an older draft', () => {
    expect(read({ ratelimit: 'limit=100, remaining=50, reset=50' })).toEqual(
      minutely(100, 50, 50_000),
    )
    expect(
      read({ ratelimit: 'limit=10, remaining=9, reset=1', 'ratelimit-policy': '10;w=1' }),
    ).toEqual({ perMinute: 600, windows: [{ limit: 10, remaining: 9, resetIn: 1_000 }] })
    expect(read({ ratelimit: 'limit=100, reset=50' })).toBeNull()
    expect(read({ ratelimit: 'remaining=0, reset=50' })).toBeNull()
  })

  test.each([
    '"default";r=-1;t=30',
    '"default";r=1.5',
    '"default";t=30',
    '"default"',
    'r=5;t=30',
    '"default";r=5;t=0',
    '"default";r=5;t=3600',
    '"default',
    ';;;,,,',
  ])('is ignored if it is %p', ratelimit => {
    expect(read({ ratelimit })).toBeNull()
  })

  test.each(['"default";q=0;w=60', '"default";q=100', '"default";w=60', '100;w=0', '100;w=-60'])(
    'ignores the invalid RateLimit-Policy %p',
    policy => {
      expect(read({ 'ratelimit-policy': policy })).toBeNull()
    },
  )
})

describe.each(families)('a list in %s-*', prefix => {
  test('starts with the current limit, followed by the policies', () => {
    expect(read(inHeaders(prefix, '100, 100;w=60', '50', '20'))).toEqual({
      perMinute: 100,
      windows: [{ limit: 100, remaining: 50, resetIn: 20_000 }],
    })
    expect(read(inHeaders(prefix, '10, 10;w=1, 90;w=60', '9', '1'))).toEqual({
      perMinute: 90,
      windows: [{ limit: 10, remaining: 9, resetIn: 1_000 }],
    })
  })

  test('may result from a header sent twice', () => {
    expect(read(inHeaders(prefix, '60, 60', '50, 49', '40, 40'))).toEqual({
      perMinute: 60,
      windows: [
        { limit: 60, remaining: 50, resetIn: 40_000 },
        { limit: 60, remaining: 49, resetIn: 40_000 },
      ],
    })
  })

  test('may state its own window', () => {
    expect(read(inHeaders(prefix, '10;w=1', '9'))).toEqual({
      perMinute: 600,
      windows: [{ limit: 10, remaining: 9, resetIn: 1_000 }],
    })
  })

  test('uses the longest window of a limit with several windows', () => {
    expect(read({ [`${prefix}-limit`]: '100, 100;w=1, 100;w=60' })?.perMinute).toBe(100)
    expect(read(inHeaders(prefix, '100, 100;w=1, 100;w=60', '50', '20'))?.windows).toEqual([
      { limit: 100, remaining: 50, resetIn: 20_000 },
    ])
  })
})

test('RateLimit-Policy also states the window of the other headers', () => {
  const policy = { 'ratelimit-policy': '10;w=1' }
  for (const prefix of families)
    expect(read({ ...inHeaders(prefix, '10', '9', '1'), ...policy })?.perMinute).toBe(600)
})

describe('a limit of another window is not read as a limit per minute', () => {
  test.each<[string, Headers, number | null]>([
    ['ten a second', inHeaders('ratelimit', '10', '9', '1'), null],
    ['ten a second, with its window', inHeaders('ratelimit', '10;w=1', '9', '1'), 600],
    ['a hundred in ten seconds', inHeaders('x-ratelimit', '100', '99', '9'), null],
    ['five thousand an hour', inHeaders('x-ratelimit', '5000', '4999', '3600'), null],
    ['one an hour', inHeaders('x-ratelimit', '1', '0', '1800'), null],
    ['five thousand an hour, with its window', inHeaders('ratelimit', '5000;w=3600', '9'), 83],
    ['one a day', inHeaders('x-ratelimit', '1', '0', '86400'), null],
    ['one a day, with its window', inHeaders('ratelimit', '1;w=86400', '0', '80000'), null],
    ['one a day, in its last minute', inHeaders('ratelimit', '1;w=86400', '0', '30'), null],
    ['one a day, as an epoch', inHeaders('x-ratelimit', '1', '0', String(2e9)), null],
    ['headers of a second', { 'x-ratelimit-limit-second': '10' }, null],
    ['headers of an hour', { 'x-ratelimit-limit-hour': '10' }, null],
    ['headers of a day', { 'x-rate-limit-limit-day': '10' }, null],
  ])('%s', (_, headers, perMinute) => {
    expect(read(headers)?.perMinute ?? null).toBe(perMinute)
  })

  test('a window longer than a minute is ignored', () => {
    expect(read(inHeaders('ratelimit', '5000;w=3600', '0', '30'))?.windows).toEqual([])
    expect(read(inHeaders('ratelimit', '5000;w=61', '0', '30'))?.windows).toEqual([])
    expect(read(inHeaders('x-ratelimit', '1', '0', '3600'))).toBeNull()
  })
})

describe('the reset of a window', () => {
  const windowOf = (reset: string | undefined, headers: Headers = {}) =>
    read({ ...inHeaders('x-ratelimit', '60', '0', reset), ...headers })?.windows[0]?.resetIn

  test.each([
    ['1', 1_000],
    ['59', 59_000],
    ['60', 60_000],
    ['61', 60_000],
    [String(receivedAt / 1_000 + 1), 1_000],
    [String(receivedAt / 1_000 + 42), 42_000],
    [String(receivedAt + 1_500), 1_500],
  ])('of %p is %d ms from now', (reset, ms) => {
    expect(windowOf(reset)).toBe(ms)
  })

  test.each(['31', '60', '61', String(receivedAt / 1_000 + 31)])(
    'of %p implies a window of a minute',
    reset => {
      expect(read(inHeaders('x-ratelimit', '60', '0', reset))?.perMinute).toBe(60)
    },
  )

  test.each(['1', '30', '62', '0', String(receivedAt / 1_000 + 30)])(
    'of %p does not imply a window of a minute',
    reset => {
      expect(read(inHeaders('x-ratelimit', '60', '0', reset))?.perMinute ?? null).toBeNull()
    },
  )

  test('as a timestamp is relative to the Date of the answer, not to the local clock', () => {
    const sent = Date.UTC(2031, 0, 1)
    const date = new Date(sent).toUTCString()
    expect(windowOf(String(sent / 1_000 + 42), { date })).toBe(42_000)
    expect(windowOf(String(receivedAt / 1_000 + 42), { date })).toBeUndefined()
    expect(windowOf('42', { date })).toBe(42_000)
  })

  test.each([undefined, '', '-5', '1.5', 'soon', '9'.repeat(30)])(
    'of %p is invalid: a full minute applies',
    reset => {
      expect(windowOf(reset)).toBe(60_000)
    },
  )

  test.each(['0', String(receivedAt / 1_000), String(receivedAt / 1_000 - 10), '62', '3600'])(
    'of %p is past or more than a minute away: the window is ignored',
    reset => {
      expect(windowOf(reset)).toBeUndefined()
    },
  )

  test('is at most the length of a stated window', () => {
    expect(read(inHeaders('ratelimit', '10;w=1', '9', '50'))?.windows[0]?.resetIn).toBe(1_000)
  })
})

describe('rateLimitOf for any answer', () => {
  const number = fc.oneof(fc.nat(200).map(String), fc.bigInt().map(String), fc.constant('1.5'))
  const piece = fc.oneof(
    number,
    fc.constantFrom('"', '\\', ',', ';', '=', ' ', 'w', 'q', 'r', 't', 'limit', '"default"'),
    fc.tuple(number, number).map(([q, w]) => `"default";q=${q};w=${w}`),
    fc.tuple(number, number).map(([r, t]) => `"default";r=${r};t=${t}`),
    fc.tuple(number, number).map(([limit, w]) => `${limit};w=${w}`),
  )
  const header = fc.oneof(
    fc.array(piece).map(all => all.join('')),
    fc.string({ unit: 'binary' }),
  )
  const names = [
    'ratelimit',
    'ratelimit-policy',
    'date',
    ...families.flatMap(prefix => [
      `${prefix}-limit`,
      `${prefix}-remaining`,
      `${prefix}-reset`,
      `${prefix}-limit-minute`,
      `${prefix}-remaining-minute`,
    ]),
  ]
  const headers = fc.dictionary(fc.constantFrom(...names), header, { noNullPrototype: true })
  const body = fc.oneof(
    fc.tuple(fc.nat(200), fc.nat(200)),
    fc.tuple(fc.jsonValue({ maxDepth: 1 }), fc.jsonValue({ maxDepth: 1 })),
  )

  test('returns a valid limit or null', () => {
    fc.assert(
      fc.property(body, headers, (limits, sent) => {
        const limit = rateLimitOf(
          answerOf({ receivedAt, headers: sent, body: inBody(limits[0], limits[1]) }),
        )
        if (limit === null) return
        if (limit.perMinute !== null) {
          expect(Number.isInteger(limit.perMinute)).toBe(true)
          expect(limit.perMinute).toBeGreaterThanOrEqual(1)
        } else expect(limit.windows).not.toEqual([])
        for (const window of limit.windows) {
          expect(window.remaining).toBeGreaterThanOrEqual(0)
          expect(window.remaining).toBeLessThanOrEqual(window.limit)
          expect(window.resetIn).toBeGreaterThan(0)
          expect(window.resetIn).toBeLessThanOrEqual(60_000)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test('never returns a looser limit for an additional statement', () => {
    fc.assert(
      fc.property(body, headers, (limits, sent) => {
        const inHeader = rateLimitOf(answerOf({ receivedAt, headers: sent }))
        const both = rateLimitOf(
          answerOf({ receivedAt, headers: sent, body: inBody(limits[0], limits[1]) }),
        )
        expect(both?.perMinute ?? Infinity).toBeLessThanOrEqual(inHeader?.perMinute ?? Infinity)
        expect(both?.windows ?? []).toEqual(expect.arrayContaining([...(inHeader?.windows ?? [])]))
      }),
      { numRuns: 1_000 },
    )
  })

  test('never allows more than a policy states', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (q, w) => {
        const limit = read({ 'ratelimit-policy': `"p";q=${String(q)};w=${String(w)}` })
        if (limit?.perMinute != null) expect((limit.perMinute * w) / 60).toBeLessThanOrEqual(q)
        else expect((q * 60) / w).toBeLessThan(1)
      }),
    )
  })
})
