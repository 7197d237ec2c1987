import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import { malformed } from '../../src/model/failure'
import { rateLimitOf } from '../../src/pipeline/rateLimit'
import { answerOf } from './answerOf'

const receivedAt = Date.UTC(2026, 10, 22)

const inBody = (limit_minute: unknown, remaining_minute: unknown) =>
  right({ status: 'pending', _meta: { _rate_limits: { limit_minute, remaining_minute } } })

const inHeaders = (prefix: string, limit: string, remaining: string, reset?: string) => ({
  [`${prefix}-limit`]: limit,
  [`${prefix}-remaining`]: remaining,
  ...(reset !== undefined && { [`${prefix}-reset`]: reset }),
})

const families = ['ratelimit', 'x-ratelimit']

describe('the rate limit', () => {
  test('is read from the body', () => {
    expect(rateLimitOf(answerOf({ body: inBody(60, 59) }))).toEqual({
      limit: 60,
      remaining: 59,
      resetIn: 60_000,
    })
  })

  test('of the day may be null: it is not asked for', () => {
    const _rate_limits = {
      limit_minute: 60,
      remaining_minute: 0,
      limit_day: null,
      remaining_day: null,
    }
    const body = right({ _meta: { _rate_limits } })
    expect(rateLimitOf(answerOf({ body }))).toEqual({ limit: 60, remaining: 0, resetIn: 60_000 })
  })

  test.each(families)('is read from the headers %s-*', prefix => {
    const headers = inHeaders(prefix, '60', '7', '12')
    expect(rateLimitOf(answerOf({ headers }))).toEqual({ limit: 60, remaining: 7, resetIn: 12_000 })
  })

  test('is the strictest of what body and headers say', () => {
    const answer = answerOf({
      body: inBody(100, 50),
      headers: {
        ...inHeaders('ratelimit', '60', '55', '10'),
        ...inHeaders('x-ratelimit', '80', '9', '20'),
      },
    })
    expect(rateLimitOf(answer)).toEqual({ limit: 60, remaining: 9, resetIn: 60_000 })
  })

  test('is what can be believed of it, where the rest cannot', () => {
    const answer = answerOf({
      body: inBody(-1, 5),
      headers: {
        ...inHeaders('ratelimit', '60', '55', '10'),
        ...inHeaders('x-ratelimit', '10', '11'),
      },
    })
    expect(rateLimitOf(answer)).toEqual({ limit: 60, remaining: 55, resetIn: 10_000 })
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'plenty'],
    ['a list', []],
    ['no _meta', {}],
    ['a _meta that is null', { _meta: null }],
    ['a _meta that is a text', { _meta: 'plenty' }],
    ['no _rate_limits', { _meta: {} }],
    ['_rate_limits that are a number', { _meta: { _rate_limits: 60 } }],
    ['empty _rate_limits', { _meta: { _rate_limits: {} } }],
  ])('is unknown where the body is or has %s', (_, body) => {
    expect(rateLimitOf(answerOf({ body: right(body) }))).toBeNull()
  })

  test('is unknown where there is no body', () => {
    expect(rateLimitOf(answerOf({ body: left(malformed('notJson')) }))).toBeNull()
  })

  test.each<[unknown, unknown]>([
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
    [' 60', '5'],
    [true, false],
    [2 ** 60, 5],
    [[60], [5]],
  ])('is unknown where it is said to be %p with %p left', (limit, remaining) => {
    expect(rateLimitOf(answerOf({ body: inBody(limit, remaining) }))).toBeNull()
    for (const prefix of families) {
      const headers = inHeaders(prefix, String(limit), String(remaining))
      if (typeof limit !== 'object') expect(rateLimitOf(answerOf({ headers }))).toBeNull()
    }
  })

  test.each([0, 1, 59, 60])('of 60 may have %d left', remaining => {
    expect(rateLimitOf(answerOf({ body: inBody(60, remaining) }))).toMatchObject({ remaining })
  })

  test('in digits is a number', () => {
    expect(rateLimitOf(answerOf({ body: inBody('60', '0') }))).toMatchObject({
      limit: 60,
      remaining: 0,
    })
  })
})

describe('the reset of a window', () => {
  const resetOf = (reset?: string) =>
    rateLimitOf(answerOf({ receivedAt, headers: inHeaders('ratelimit', '60', '0', reset) }))
      ?.resetIn

  test.each([
    ['1', 1_000],
    ['59', 59_000],
    [String(receivedAt / 1_000 + 1), 1_000],
    [String(receivedAt / 1_000 + 42), 42_000],
  ])('of %p is %d ms from now', (reset, ms) => {
    expect(resetOf(reset)).toBe(ms)
  })

  test('that is a moment counts in milliseconds', () => {
    const headers = inHeaders('ratelimit', '60', '0', String(receivedAt / 1_000))
    const answer = answerOf({ receivedAt: receivedAt - 1, headers })
    expect(rateLimitOf(answer)?.resetIn).toBe(1)
  })

  test.each([
    undefined,
    '',
    '0',
    '-5',
    '60',
    '3600',
    '1.5',
    'soon',
    '9'.repeat(30),
    String(receivedAt / 1_000),
    String(receivedAt / 1_000 - 10),
    String(receivedAt / 1_000 + 3_600),
  ])('of %p cannot be believed: it is a whole minute', reset => {
    expect(resetOf(reset)).toBe(60_000)
  })

  test('is above 0 and at most a minute, whatever is said', () => {
    const said = fc.oneof(fc.string(), fc.bigInt().map(String), fc.integer().map(String))
    fc.assert(
      fc.property(said, reset => {
        expect(resetOf(reset)).toBeGreaterThan(0)
        expect(resetOf(reset)).toBeLessThanOrEqual(60_000)
      }),
    )
  })
})

test('the strictest is never less strict than any of its sources, and never nonsense', () => {
  const said: fc.Arbitrary<readonly [unknown, unknown]> = fc.oneof(
    fc.tuple(fc.nat(100), fc.nat(100)),
    fc.tuple(fc.integer(), fc.integer()),
    fc.tuple(fc.string(), fc.string()),
  )
  fc.assert(
    fc.property(said, said, said, (body, first, second) => {
      const bodied = { body: inBody(...body) }
      const [plain, prefixed] = [first, second].map((pair, at) =>
        inHeaders(families[at] ?? '', String(pair[0]), String(pair[1])),
      )
      const alone = [
        rateLimitOf(answerOf(bodied)),
        rateLimitOf(answerOf({ headers: { ...plain } })),
        rateLimitOf(answerOf({ headers: { ...prefixed } })),
      ].flatMap(each => each ?? [])
      const all = rateLimitOf(answerOf({ ...bodied, headers: { ...plain, ...prefixed } }))
      if (alone.length === 0) expect(all).toBeNull()
      for (const each of alone) {
        expect(all?.limit).toBeLessThanOrEqual(each.limit)
        expect(all?.remaining).toBeLessThanOrEqual(each.remaining)
      }
      if (all === null) return
      expect(all.limit).toBeGreaterThanOrEqual(1)
      expect(all.remaining).toBeGreaterThanOrEqual(0)
      expect(all.remaining).toBeLessThanOrEqual(all.limit)
    }),
  )
})
