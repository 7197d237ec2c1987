import fc from 'fast-check'
import type { Circumstances, Expired, Failure } from '../../src/failure/failure'

type Own<Tag extends Failure['_tag']> = Omit<
  Extract<Failure, { readonly _tag: Tag }>,
  keyof Circumstances | '_tag'
>

// As JSON.parse creates them: with Object.prototype.
const plain = <A extends object>(members: {
  readonly [Name in keyof A]: fc.Arbitrary<A[Name]>
}): fc.Arbitrary<A> => fc.record<A>(members, { noNullPrototype: true })

const text = fc.string({ unit: 'binary' })
const textOrNull = fc.option(text)
const ms = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true }).map(Math.abs))
const msOrNull = fc.option(ms)
const httpStatus = fc.integer({ min: 0, max: 599 })

const ofAttempt: {
  readonly [Tag in Exclude<Failure['_tag'], 'Expired'>]: fc.Arbitrary<Own<Tag>>
} = {
  InvalidRequest: plain({
    which: fc.constantFrom(
      'account',
      'upload',
      'hint',
      'priority',
      'apiKey',
      'baseUrl',
      'pollingUrl',
    ),
    why: text,
  }),
  Unreachable: plain({ code: text, tls: fc.boolean() }),
  TimedOut: plain({ phase: fc.constantFrom('apiKey', 'headers', 'body'), after: ms }),
  Throttled: plain({ retryAfter: msOrNull, scope: fc.constantFrom('minute', 'day', null) }),
  Unavailable: plain({ status: httpStatus, retryAfter: msOrNull, page: fc.boolean() }),
  Rejected: plain({ status: httpStatus, code: textOrNull, message: textOrNull }),
  Malformed: plain({
    reason: fc.constantFrom('httpStatus', 'empty', 'oversized', 'notJson', 'tooDeep', 'shape'),
    problems: fc.array(plain({ path: text, expected: text }), { maxLength: 5 }),
    status: textOrNull,
  }),
  Cancelled: plain({ reason: text }),
}

const circumstances: fc.Arbitrary<Circumstances> = plain({
  attempts: fc.nat(),
  elapsed: ms,
  lastStatus: fc.constantFrom('pending', 'processing', 'completed', 'failed', null),
})

const failureOf = (own: { readonly [tag: string]: fc.Arbitrary<object> }) =>
  fc.oneof(
    ...Object.entries(own).map(([_tag, members]) =>
      fc
        .tuple(members, circumstances)
        .map(([mine, common]) => ({ _tag, ...mine, ...common }) as Failure),
    ),
  )

const lastFailure = fc.option(failureOf(ofAttempt) as fc.Arbitrary<Exclude<Failure, Expired>>)

const own: { readonly [Tag in Failure['_tag']]: fc.Arbitrary<Own<Tag>> } = {
  ...ofAttempt,
  Expired: plain({ after: ms, lastFailure }),
}

/** Any failure, with arbitrary strings. */
export const failureArbitrary: fc.Arbitrary<Failure> = failureOf(own)
