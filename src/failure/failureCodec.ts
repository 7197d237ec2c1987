import * as t from 'io-ts'
import { finite, orElse } from './tolerant'

const orNull = <A>(codec: t.Type<A>) => t.union([codec, t.null])

const failure = <Tag extends string, Members extends t.Props>(tag: Tag, members: Members) =>
  t.type({ _tag: t.literal(tag), ...members })

const text = t.string
const textOrNull = orNull(text)
const msOrNull = orNull(finite)

const circumstances = t.intersection([
  t.type({
    attempts: finite,
    elapsed: finite,
    lastStatus: orNull(t.keyof({ pending: 0, processing: 0, completed: 0, failed: 0 })),
  }),
  t.partial({ requestId: t.union([text, t.undefined]) }),
])

const attemptFailure = t.intersection([
  circumstances,
  t.union([
    failure('InvalidRequest', {
      which: t.keyof({
        account: 0,
        upload: 0,
        platform: 0,
        hint: 0,
        priority: 0,
        apiKey: 0,
        baseUrl: 0,
        pollingUrl: 0,
      }),
      why: text,
    }),
    failure('Unreachable', { code: text, tls: t.boolean }),
    failure('TimedOut', { phase: t.keyof({ apiKey: 0, headers: 0, body: 0 }), after: finite }),
    failure('Throttled', { retryAfter: msOrNull, scope: orNull(t.keyof({ minute: 0, day: 0 })) }),
    failure('Unavailable', {
      status: finite,
      retryAfter: msOrNull,
      page: orElse(t.boolean, false),
    }),
    failure('Rejected', { status: finite, code: textOrNull, message: textOrNull }),
    failure('Malformed', {
      reason: t.keyof({ httpStatus: 0, empty: 0, oversized: 0, notJson: 0, tooDeep: 0, shape: 0 }),
      problems: t.readonlyArray(t.type({ path: text, expected: text })),
      status: textOrNull,
    }),
    failure('Cancelled', { reason: text }),
  ]),
])

// Not a recursive codec: the failure of an attempt contains no other failure.
const expired = t.intersection([
  circumstances,
  failure('Expired', { after: finite, lastFailure: orElse(orNull(attemptFailure), null) }),
])

/**
 * The codec of a failure. It has its own file, so that bundlers drop it if nothing decodes failures.
 */
export const failureCodec = t.union([attemptFailure, expired], 'Failure')
