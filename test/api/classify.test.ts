import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isLeft, left, right, type Either } from 'fp-ts/Either'
import {
  malformed,
  rejected,
  throttled,
  timedOut,
  unavailable,
  unreachable,
  type Failure,
  type Rejected,
} from '../../src/failure/failure'
import { classify } from '../../src/api/classify'
import { completed, failed, pending, ref } from '../answers'
import { answerOf } from './answerOf'

const classified = (answer: Parameters<typeof answerOf>[0]) =>
  classify(ref.upload, answerOf(answer))

const rejection = (answer: Parameters<typeof answerOf>[0]): Rejected => {
  const result = classified(answer)
  if (!isLeft(result) || result.left._tag !== 'Rejected') throw new Error('not rejected')
  return result.left
}

const bodies: readonly Either<Failure, unknown>[] = [
  right(null),
  right(completed),
  right({ error: 'No.' }),
  left(malformed('empty')),
  left(malformed('oversized')),
  left(unreachable('ECONNRESET')),
  left(timedOut('body', 10_000)),
  left(unavailable(502)),
]
const anyBody = fc.constantFrom(...bodies)

/** The failure of each status by the table of faults; null for 200, where the body decides. */
const tagOf = (status: number): Failure['_tag'] | null => {
  if (status === 200) return null
  if (status < 300 || status === 304) return 'Malformed'
  if (status < 400) return 'Rejected'
  if (status === 429) return 'Throttled'
  return status === 408 || status === 425 || status >= 500 ? 'Unavailable' : 'Rejected'
}

describe('the HTTP status', () => {
  test('alone determines the failure, unless it is 200', () => {
    fc.assert(
      fc.property(fc.integer({ min: 201, max: 599 }), anyBody, (status, body) => {
        const result = classified({ status, body })
        expect(isLeft(result) && result.left._tag).toBe(tagOf(status))
      }),
      { numRuns: 3_000 },
    )
  })

  test.each([202, 204, 206, 304])('%d is Malformed', status => {
    expect(classified({ status, body: right(completed) })).toEqual(left(malformed('httpStatus')))
  })

  test.each([408, 425, 500, 502, 503, 504, 520, 526])('%d is Unavailable', status => {
    expect(classified({ status })).toEqual(left(unavailable(status)))
  })

  test.each([400, 401, 402, 403, 404, 405, 409, 410, 418, 422, 451])('%d is Rejected', status => {
    expect(classified({ status })).toEqual(left(rejected(status)))
  })

  test('of an unavailable server may come with a Retry-After', () => {
    expect(classified({ status: 503, headers: { 'retry-after': '7' } })).toEqual(
      left(unavailable(503, 7_000)),
    )
    expect(classified({ status: 503, headers: { 'retry-after': '-7' } })).toEqual(
      left(unavailable(503)),
    )
  })
})

describe('a 200', () => {
  test.each([pending, completed, failed])('with the status $status returns that status', status => {
    expect(classified({ body: right(status) })).toEqual(right(status))
  })

  test('without a readable body returns the failure of the body', () => {
    for (const body of bodies.filter(isLeft)) expect(classified({ body })).toEqual(body)
  })

  test('with another shape is Malformed', () => {
    const result = classified({ body: right({ error: 'No such upload.' }) })
    expect(result).toMatchObject(left({ _tag: 'Malformed', reason: 'shape' }))
  })
})

describe('a rejection', () => {
  test('has the code and the message of the API', () => {
    const body = right({ error: 'No such account.', code: 'account_not_found' })
    expect(classified({ status: 404, body })).toEqual(
      left(rejected(404, 'account_not_found', 'No such account.')),
    )
  })

  test('truncates the message to 300 characters', () => {
    const { message } = rejection({ status: 400, body: right({ error: 'x'.repeat(10_000) }) })
    expect(message).toBe('x'.repeat(300))
  })

  test('removes line breaks and control characters from the message', () => {
    const error = 'Bad id.\r\nERROR all keys revoked\u2028and\u0085more\u001b[2J'
    const { message } = rejection({ status: 400, body: right({ error }) })
    expect(message).toMatch(/^Bad id\./)
    expect(message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a string', 'No.'],
    ['an array', ['No.']],
    ['an object with members of other types', { error: { text: 'No.' }, code: 7 }],
  ])('has neither code nor message if the body is %s', (_, body) => {
    expect(classified({ status: 400, body: right(body) })).toEqual(left(rejected(400)))
  })

  test.each(['', 'two words', 'a\nb', 'x'.repeat(65), '<b>'])(
    'ignores the invalid code %p',
    code => {
      expect(rejection({ status: 400, body: right({ code }) }).code).toBeNull()
    },
  )

  test('has neither code nor message if the body did not arrive', () => {
    const body = left(unreachable('ECONNRESET'))
    expect(classified({ status: 401, body })).toEqual(left(rejected(401)))
  })
})

describe('the message of a rejection', () => {
  test.each<[object, string | null]>([
    [{ message: 'Unauthenticated.' }, 'Unauthenticated.'],
    [{ error: 'No.', message: 'Other.' }, 'No.'],
    [{ error: '', message: 'Other.' }, 'Other.'],
    [{ error: true, message: 'Other.' }, 'Other.'],
    [{ error: null, message: 7 }, null],
    [{ error: '', message: '' }, null],
  ])('for %j is %p', (body, message) => {
    expect(rejection({ status: 400, body: right(body) }).message).toBe(message)
  })
})

describe('an HTML page', () => {
  const page = left(unavailable(0, null, true))
  const html = { 'content-type': 'text/html' }

  test.each([200, 201, 202, 206, 400, 401, 403, 404, 405, 413, 422, 451, 502, 503])(
    'with a %d is Unavailable, as it is not from the API',
    status => {
      const expected = left(unavailable(status, null, true))
      expect(classified({ status, body: page })).toEqual(expected)
      expect(classified({ status, body: left(malformed('notJson')), headers: html })).toEqual(
        expected,
      )
    },
  )

  test.each<[number, Failure]>([
    [300, rejected(300, null, 'a redirect')],
    [302, rejected(302, null, 'a redirect')],
    [304, malformed('httpStatus')],
    [407, rejected(407)],
    [429, throttled(null)],
  ])('with a %d is classified like any other body', (status, failure) => {
    expect(classified({ status, body: page })).toEqual(left(failure))
  })

  test.each([
    ['application/json', 'notJson'],
    ['text/html-ish', 'notJson'],
    ['', 'notJson'],
    ['text/html', 'empty'],
    ['text/html', 'oversized'],
  ] as const)('is not assumed for the content type "%s" if the body is %s', (type, reason) => {
    const headers = { 'content-type': type }
    expect(classified({ status: 403, body: left(malformed(reason)), headers })).toEqual(
      left(rejected(403)),
    )
  })

  test('is not assumed for JSON with the content type of HTML', () => {
    expect(classified({ status: 403, body: right({ error: 'No.' }), headers: html })).toEqual(
      left(rejected(403, null, 'No.')),
    )
  })
})

describe('a redirect', () => {
  const to = (location: string, status = 302) =>
    rejection({ status, headers: { location }, body: right({ error: 'Moved.', code: 'moved' }) })

  test.each([300, 301, 302, 303, 307, 308])(
    'by %d is a rejection that names the target origin',
    status => {
      expect(to('https://login.example/a?token=secret#b', status)).toEqual(
        rejected(status, null, 'a redirect to https://login.example'),
      )
    },
  )

  test('is a rejection even if a browser hides its status', () => {
    expect(classified({ status: 0 })).toEqual(left(rejected(0, null, 'a redirect')))
  })

  test.each([
    ['https://login.example', 'https://login.example'],
    ['https://login.example:8443/x', 'https://login.example:8443'],
    ['HTTP://[::1]:80?x', 'HTTP://[::1]:80'],
    ['http://10.0.0.1#x', 'http://10.0.0.1'],
  ])('to %s names the origin %s', (location, origin) => {
    expect(to(location).message).toBe(`a redirect to ${origin}`)
  })

  test.each([
    '',
    '/login?token=secret',
    '/login?next=https://secret.example/',
    '//login.example/secret',
    'https://user:secret@login.example/',
    'https://user@login.example/',
    'https://login.example\\secret',
    'https://login.example secret',
    'https://lögin.example/',
    'javascript:alert(1)',
    'data:text/plain,secret',
    'https://',
    'https://login.example\n.evil.example/',
  ])('to %p names no origin', location => {
    expect(to(location).message).toBe('a redirect')
  })

  test('never names more than the target origin', () => {
    const location = fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true }))
    fc.assert(
      fc.property(location, text => {
        expect(to(text).message).toMatch(/^a redirect( to https?:\/\/[^/?#@\s\\]+)?$/i)
      }),
    )
  })
})

describe('a 429', () => {
  const limits = (_rate_limits: unknown) => right({ error: 'Slow.', _meta: { _rate_limits } })

  test('keeps the requested wait', () => {
    expect(classified({ status: 429, headers: { 'retry-after': '30' } })).toEqual(
      left(throttled(30_000)),
    )
  })

  test.each(['-5', '1.5', 'abc', '', '0'])('with a Retry-After of %p requests no wait', value => {
    expect(classified({ status: 429, headers: { 'retry-after': value } })).toEqual(
      left(throttled(null)),
    )
  })

  test.each([
    [{ remaining_minute: 0, remaining_day: 5 }, 'minute' as const],
    [{ remaining_minute: 0, remaining_day: null }, 'minute' as const],
    [{ remaining_minute: 5, remaining_day: 0 }, 'day' as const],
    [{ remaining_minute: 0, remaining_day: 0 }, 'day' as const],
    [{ remaining_minute: 5, remaining_day: 5 }, null],
    [{ remaining_minute: -1, remaining_day: '0' }, null],
    [{}, null],
    [null, null],
    ['none', null],
  ])('with %j reports the exhausted limit as %p', (_rate_limits, scope) => {
    expect(classified({ status: 429, body: limits(_rate_limits) })).toEqual(
      left(throttled(null, scope)),
    )
  })

  test('reports no exhausted limit if the body did not arrive', () => {
    expect(classified({ status: 429, body: left(timedOut('body', 1)) })).toEqual(
      left(throttled(null)),
    )
  })
})
