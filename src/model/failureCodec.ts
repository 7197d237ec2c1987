import * as t from 'io-ts'
import type { Failure } from './failure'
import { finite } from './tolerant'

const orNull = <A>(codec: t.Type<A>) => t.union([codec, t.null])

const text = t.string
const textOrNull = orNull(text)
const msOrNull = orNull(finite)

const circumstances = t.type({
  attempts: finite,
  elapsed: finite,
  lastStatus: orNull(t.keyof({ pending: 0, processing: 0, completed: 0, failed: 0 })),
})

/** Codec of the JSON form of a `Failure`; unknown members are kept. */
export const failureCodec: t.Type<Failure> = t.intersection([
  circumstances,
  t.union([
    t.type({
      _tag: t.literal('InvalidRequest'),
      which: t.keyof({ account: 0, upload: 0, hint: 0, apiKey: 0, baseUrl: 0, pollingUrl: 0 }),
      why: text,
    }),
    t.type({ _tag: t.literal('Unreachable'), code: text, tls: t.boolean }),
    t.type({
      _tag: t.literal('TimedOut'),
      phase: t.keyof({ apiKey: 0, headers: 0, body: 0 }),
      after: finite,
    }),
    t.type({
      _tag: t.literal('Throttled'),
      retryAfter: msOrNull,
      scope: orNull(t.keyof({ minute: 0, day: 0 })),
    }),
    t.type({ _tag: t.literal('Unavailable'), status: finite, retryAfter: msOrNull }),
    t.type({
      _tag: t.literal('Rejected'),
      status: finite,
      code: textOrNull,
      message: textOrNull,
    }),
    t.type({
      _tag: t.literal('Malformed'),
      reason: t.keyof({ httpStatus: 0, empty: 0, oversized: 0, notJson: 0, tooDeep: 0, shape: 0 }),
      problems: t.readonlyArray(t.type({ path: text, expected: text })),
      status: textOrNull,
    }),
    t.type({ _tag: t.literal('Expired'), after: finite }),
    t.type({ _tag: t.literal('Cancelled'), reason: text }),
  ]),
])
