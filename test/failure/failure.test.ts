import { describe, expect, jest, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
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
  type Circumstances,
  type Failure,
  type Malformed,
  type Rejected,
  type Throttled,
} from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { failureArbitrary } from './failureArbitrary'
import { isTransient, match } from '../../src/failure/match'

const tags = [
  'InvalidRequest',
  'Unreachable',
  'TimedOut',
  'Throttled',
  'Unavailable',
  'Rejected',
  'Malformed',
  'Expired',
  'Cancelled',
] as const satisfies ReadonlyArray<Failure['_tag']>

const problem = { path: 'media.id', expected: 'a finite number' }

describe('a constructor', () => {
  test.each<[Failure, object]>([
    [
      invalidRequest('upload', 'must be 1 to 128 letters'),
      { _tag: 'InvalidRequest', which: 'upload', why: 'must be 1 to 128 letters' },
    ],
    [unreachable('ECONNREFUSED'), { _tag: 'Unreachable', code: 'ECONNREFUSED', tls: false }],
    [
      unreachable('CERT_HAS_EXPIRED', true),
      { _tag: 'Unreachable', code: 'CERT_HAS_EXPIRED', tls: true },
    ],
    [timedOut('body', 10_000), { _tag: 'TimedOut', phase: 'body', after: 10_000 }],
    [throttled(null), { _tag: 'Throttled', retryAfter: null, scope: null }],
    [throttled(5_000, 'minute'), { _tag: 'Throttled', retryAfter: 5_000, scope: 'minute' }],
    [unavailable(502), { _tag: 'Unavailable', status: 502, retryAfter: null, page: false }],
    [unavailable(503, 1_000), { _tag: 'Unavailable', status: 503, retryAfter: 1_000, page: false }],
    [rejected(410), { _tag: 'Rejected', status: 410, code: null, message: null }],
    [
      rejected(404, 'account_not_found', 'Account not found.'),
      { _tag: 'Rejected', status: 404, code: 'account_not_found', message: 'Account not found.' },
    ],
    [malformed('empty'), { _tag: 'Malformed', reason: 'empty', problems: [], status: null }],
    [
      malformed('shape', [problem], 'completed'),
      { _tag: 'Malformed', reason: 'shape', problems: [problem], status: 'completed' },
    ],
    [expired(3_600_000), { _tag: 'Expired', after: 3_600_000, lastFailure: null }],
    [cancelled('left the page'), { _tag: 'Cancelled', reason: 'left the page' }],
  ])('returns plain data without any attempts: %j', (failure, own) => {
    expect(failure).toStrictEqual({ ...own, attempts: 0, elapsed: 0, lastStatus: null })
    expect(Object.getPrototypeOf(failure)).toBe(Object.prototype)
  })
})

describe('match', () => {
  const spies = Object.fromEntries(
    tags.map(tag => [tag, jest.fn((failure: Failure) => [tag, failure] as const)]),
  ) as Record<Failure['_tag'], jest.Mock<(failure: Failure) => readonly [string, Failure]>>

  test('calls only the case of the tag, once with the failure, and returns its result', () => {
    fc.assert(
      fc.property(failureArbitrary, failure => {
        jest.clearAllMocks()
        expect(match(spies)(failure)).toEqual([failure._tag, failure])
        for (const tag of tags) {
          expect(spies[tag].mock.calls).toEqual(tag === failure._tag ? [[failure]] : [])
        }
      }),
    )
  })

  test('is tested with all nine failures', () => {
    expectTypeOf<(typeof tags)[number]>().toEqualTypeOf<Failure['_tag']>()
    const sample = fc.sample(failureArbitrary, { numRuns: 500, seed: 1 })
    expect(new Set(sample.map(({ _tag }) => _tag))).toEqual(new Set(tags))
  })

  const cases = {
    InvalidRequest: () => 1,
    Unreachable: () => 1,
    TimedOut: () => 1,
    Throttled: () => 1,
    Unavailable: () => 1,
    Rejected: () => 1,
    Malformed: () => 1,
    Expired: () => 1,
    Cancelled: () => 1,
  } as const

  test('does not compile with a missing case or an unknown one', () => {
    const { InvalidRequest, ...noInvalidRequest } = cases
    const { Unreachable, ...noUnreachable } = cases
    const { TimedOut, ...noTimedOut } = cases
    const { Throttled, ...noThrottled } = cases
    const { Unavailable, ...noUnavailable } = cases
    const { Rejected, ...noRejected } = cases
    const { Malformed, ...noMalformed } = cases
    const { Expired, ...noExpired } = cases
    const { Cancelled, ...noCancelled } = cases
    expectTypeOf(match(cases)).toEqualTypeOf<(failure: Failure) => number>()
    // @ts-expect-error: no case for InvalidRequest
    match(noInvalidRequest)
    // @ts-expect-error: no case for Unreachable
    match(noUnreachable)
    // @ts-expect-error: no case for TimedOut
    match(noTimedOut)
    // @ts-expect-error: no case for Throttled
    match(noThrottled)
    // @ts-expect-error: no case for Unavailable
    match(noUnavailable)
    // @ts-expect-error: no case for Rejected
    match(noRejected)
    // @ts-expect-error: no case for Malformed
    match(noMalformed)
    // @ts-expect-error: no case for Expired
    match(noExpired)
    // @ts-expect-error: no case for Cancelled
    match(noCancelled)
    // @ts-expect-error: no failure has this tag
    match({ ...cases, Failed: () => 1 })
    expect([
      InvalidRequest,
      Unreachable,
      TimedOut,
      Throttled,
      Unavailable,
      Rejected,
      Malformed,
      Expired,
      Cancelled,
    ]).toEqual(Object.values(cases))
  })

  test('passes to each case the failure type of its tag', () => {
    const detail = match<string | number | null>({
      ...cases,
      Throttled: failure => {
        expectTypeOf(failure).toEqualTypeOf<Throttled>()
        return failure.retryAfter
      },
      Rejected: failure => {
        expectTypeOf(failure).toEqualTypeOf<Rejected>()
        return failure.code
      },
      Malformed: failure => {
        expectTypeOf(failure).toEqualTypeOf<Malformed>()
        return failure.reason
      },
    })
    expect(
      [throttled(5), rejected(404, 'gone'), malformed('empty'), expired(1)].map(detail),
    ).toEqual([5, 'gone', 'empty', 1])
  })
})

describe('isTransient', () => {
  test.each<[Failure, boolean]>([
    [invalidRequest('upload', 'x'), false],
    [invalidRequest('apiKey', 'x'), false],
    [unreachable('ECONNRESET'), true],
    [unreachable('CERT_HAS_EXPIRED', true), false],
    [timedOut('apiKey', 1), true],
    [timedOut('headers', 1), true],
    [timedOut('body', 1), true],
    [throttled(null), true],
    [throttled(1, 'day'), true],
    [unavailable(408), true],
    [unavailable(200), true],
    [unavailable(503), true],
    [rejected(0), false],
    [rejected(302), false],
    [rejected(401), false],
    [rejected(404), false],
    [malformed('httpStatus'), true],
    [malformed('empty'), true],
    [malformed('oversized'), false],
    [malformed('notJson'), true],
    [malformed('tooDeep'), true],
    [malformed('shape', [problem], 'completed'), true],
    [expired(1), false],
    [cancelled('x'), false],
  ])('for %j returns %s', (failure, expected) => {
    expect(isTransient(failure)).toBe(expected)
  })

  test('does not depend on attempts, elapsed or lastStatus', () => {
    fc.assert(
      fc.property(failureArbitrary, failureArbitrary, (failure, other) => {
        const { attempts, elapsed, lastStatus } = other
        expect(isTransient({ ...failure, attempts, elapsed, lastStatus })).toBe(
          isTransient(failure),
        )
      }),
    )
  })
})

describe('a failure', () => {
  test('is the same after a round trip through JSON', () => {
    fc.assert(
      fc.property(failureArbitrary, failure => {
        expect(JSON.parse(JSON.stringify(failure))).toStrictEqual(failure)
      }),
    )
  })

  test('is the same after structuredClone', () => {
    fc.assert(
      fc.property(failureArbitrary, failure => {
        expect(structuredClone(failure)).toEqual(failure)
      }),
    )
  })

  test('is discriminated by _tag and has its circumstances', () => {
    expectTypeOf<Failure>().toExtend<Circumstances>()
    expectTypeOf<Failure['lastStatus']>().toEqualTypeOf<UploadStatus['status'] | null>()
    expectTypeOf<Extract<Failure, { _tag: 'Malformed' }>>().toEqualTypeOf<Malformed>()
    const own = (failure: Failure): unknown => {
      // @ts-expect-error: not every failure has an HTTP status
      expectTypeOf(failure.status)
      return failure._tag === 'Rejected' ? failure.status : failure.attempts
    }
    expect([own(rejected(404)), own(expired(1))]).toEqual([404, 0])
  })
})
