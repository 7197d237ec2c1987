import { describe as suite, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { describe, isShortage } from '../../src/failure/match'
import {
  cancelled,
  expired,
  invalidRequest,
  malformed,
  rejected,
  throttled,
  timedOut,
  unavailable,
  unreachable,
  type Failure,
} from '../../src/failure/failure'
import { failureArbitrary } from './failureArbitrary'

const early = '(0 attempts, 0 s, last status: none)'

suite('describe', () => {
  test.each<[Failure, string]>([
    [unreachable('ECONNREFUSED'), 'no connection (ECONNREFUSED)'],
    [
      unreachable('CERT_HAS_EXPIRED', true),
      "the server's certificate was not accepted (CERT_HAS_EXPIRED)",
    ],
    [timedOut('headers', 10_000), 'no headers within 10 s'],
    [timedOut('body', 1_250), 'no body within 1.3 s'],
    [throttled(null), 'over the rate limit'],
    [throttled(59_000, 'minute'), 'over the rate limit of the minute, retry after 59 s'],
    [throttled(null, 'day'), 'over the rate limit of the day'],
    [throttled(0), 'over the rate limit, retry after 0 s'],
    [unavailable(503, 1_000), 'the service was unavailable (HTTP 503)'],
    [
      unavailable(403, null, true),
      'the service was unavailable (HTTP 403, a page instead of JSON)',
    ],
    [rejected(401), 'rejected with HTTP 401'],
    [rejected(402), 'rejected with HTTP 402 (too few credits)'],
    [rejected(403, 'no_scope'), 'rejected with HTTP 403 no_scope'],
    [rejected(401, null, 'Invalid API key'), 'rejected with HTTP 401: Invalid API key'],
    [
      rejected(404, 'account_not_found', 'Account not found.'),
      'rejected with HTTP 404 account_not_found: Account not found.',
    ],
    [
      malformed('httpStatus'),
      'the answer broke the contract: its HTTP status means success but not a status answer',
    ],
    [malformed('empty'), 'the answer broke the contract: it was empty'],
    [malformed('oversized'), 'the answer broke the contract: it was too large'],
    [malformed('notJson'), 'the answer broke the contract: it was not JSON'],
    [malformed('tooDeep'), 'the answer broke the contract: it was nested too deeply'],
    [
      malformed('shape', [{ path: '', expected: 'an object' }]),
      'the answer broke the contract: it had an unexpected shape; the body is not an object',
    ],
    [
      malformed(
        'shape',
        [
          { path: 'media.id', expected: 'a finite number' },
          { path: 'media.prefixed_id', expected: 'string' },
        ],
        'completed',
      ),
      'the answer broke the contract: it had an unexpected shape (status "completed"); ' +
        'media.id is not a finite number; media.prefixed_id is not string',
    ],
    [expired(3_600_000), 'no terminal status within the deadline of 3600 s'],
    [
      expired(60_000, unreachable('ECONNREFUSED')),
      'no terminal status within the deadline of 60 s; the last attempt failed: no connection (ECONNREFUSED)',
    ],
    [cancelled('left the page'), 'cancelled: left the page'],
  ])('returns one line for %j', (failure, expected) => {
    expect(describe(failure)).toBe(`${expected} ${early}`)
  })

  test.each<[Partial<Failure>, string]>([
    [{ attempts: 1, elapsed: 249 }, '(1 attempt, 0.2 s, last status: none)'],
    [{ attempts: 2, elapsed: 250 }, '(2 attempts, 0.3 s, last status: none)'],
    [
      { attempts: 17, elapsed: 61_000.4, lastStatus: 'processing' },
      '(17 attempts, 61 s, last status: processing)',
    ],
  ])('includes the circumstances %j', (circumstances, expected) => {
    expect(describe({ ...expired(60_000), ...circumstances } as Failure)).toBe(
      `no terminal status within the deadline of 60 s ${expected}`,
    )
  })

  test('counts no attempts if no poll was sent', () => {
    const failure = { ...invalidRequest('apiKey', 'is missing'), attempts: 1 }
    expect(describe(failure)).toBe('no poll was sent: apiKey is missing (0 s, last status: none)')
  })

  test('includes the request id if there is one', () => {
    expect(describe({ ...rejected(404), requestId: 'r-1' })).toBe(
      'rejected with HTTP 404 (0 attempts, 0 s, last status: none, request r-1)',
    )
  })

  // C0 and C1 controls, which move the cursor of a terminal, and line separators.
  const control = /[\p{Cc}\p{Zl}\p{Zp}]/u

  test.each<[string, Failure]>([
    ['a newline', rejected(422, null, 'one\nINFO: two')],
    ['a carriage return', rejected(422, null, 'one\rtwo')],
    ['an escape sequence', rejected(422, null, '\u001b[2Jone')],
    ['a C1 control', rejected(422, null, 'one\u009b2Jtwo')],
    ['a line separator', rejected(422, null, 'one\u2028two')],
    ['a newline in the reason of an abort', cancelled('one\ntwo')],
    ['a newline in a code', unreachable('one\ntwo')],
  ])('returns one line without control characters, even if the failure has %s', (_, failure) => {
    expect(describe(failure)).not.toMatch(control)
    expect(describe(failure)).toContain('one')
  })

  test('joins several lines with one space', () => {
    expect(describe(cancelled('one\r\n\u2028two'))).toBe(`cancelled: one two ${early}`)
  })

  test('returns one line without control characters for every failure', () => {
    fc.assert(
      fc.property(failureArbitrary, failure => {
        expect(describe(failure)).not.toMatch(control)
        // encodeURIComponent throws at a lone surrogate.
        expect(() => encodeURIComponent(describe(failure))).not.toThrow()
      }),
    )
  })

  test.each([rejected(400, null, 'a\uD83D'), cancelled('\uDE00'), unreachable('\uD83D')])(
    'returns a well-formed string, even if the failure is not: %j',
    failure => {
      expect(describe(failure)).toContain('\uFFFD')
      expect(() => encodeURIComponent(describe(failure))).not.toThrow()
    },
  )

  test('includes the last status of every failure and no missing member', () => {
    fc.assert(
      fc.property(failureArbitrary, failure => {
        const line = describe(failure)
        expect(line).toContain(`last status: ${failure.lastStatus ?? 'none'})`)
        expect(line).not.toMatch(/^undefined|NaN s|\[object/)
      }),
    )
  })
})

suite('isShortage', () => {
  test.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS'])('returns true for %s', code => {
    expect(isShortage(code)).toBe(true)
  })

  test.each(['ECONNREFUSED', 'UNKNOWN', ''])('returns false for %p', code => {
    expect(isShortage(code)).toBe(false)
  })
})
