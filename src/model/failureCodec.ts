import * as t from 'io-ts'
import { finite } from './tolerant'

const orNull = <A>(codec: t.Type<A>) => t.union([codec, t.null])

const failure = <Tag extends string, Members extends t.Props>(tag: Tag, members: Members) =>
  t.type({ _tag: t.literal(tag), ...members })

const text = t.string
const textOrNull = orNull(text)
const msOrNull = orNull(finite)

/** The codec of a failure. A file of its own, so that a bundle that does not decode one leaves it out. */
export const failureCodec = t.intersection([
  t.type({
    attempts: finite,
    elapsed: finite,
    lastStatus: orNull(t.keyof({ pending: 0, processing: 0, completed: 0, failed: 0 })),
  }),
  t.union([
    failure('InvalidRequest', {
      which: t.keyof({ account: 0, upload: 0, hint: 0, apiKey: 0, baseUrl: 0, pollingUrl: 0 }),
      why: text,
    }),
    failure('Unreachable', { code: text, tls: t.boolean }),
    failure('TimedOut', { phase: t.keyof({ apiKey: 0, headers: 0, body: 0 }), after: finite }),
    failure('Throttled', { retryAfter: msOrNull, scope: orNull(t.keyof({ minute: 0, day: 0 })) }),
    failure('Unavailable', { status: finite, retryAfter: msOrNull }),
    failure('Rejected', { status: finite, code: textOrNull, message: textOrNull }),
    failure('Malformed', {
      reason: t.keyof({ httpStatus: 0, empty: 0, oversized: 0, notJson: 0, tooDeep: 0, shape: 0 }),
      problems: t.readonlyArray(t.type({ path: text, expected: text })),
      status: textOrNull,
    }),
    failure('Expired', { after: finite }),
    failure('Cancelled', { reason: text }),
  ]),
])
