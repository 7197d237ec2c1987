import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isLeft, isRight, type Either } from 'fp-ts/Either'
import type { Failure } from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { classify } from '../../src/api/classify'
import { decodeStatus } from '../../src/api/decode'
import { parseJson } from '../../src/api/parseJson'
import { inferredSchema, schemas } from '../contract/inferred'
import { published } from '../contract/published'
import { schemaArbitrary, type Schema } from '../contract/schemaArbitrary'
import { answerOf } from '../api/answerOf'
import { holds } from './holds'
import {
  edited,
  jsonText,
  list,
  record,
  slotsIn,
  written,
  type Edit,
  type JsonText,
} from './jsonText'

const upload = 'ofapi_media_1'

// -- inputs -------------------------------------------------------------------------------------

const valid = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<object>(
      { status: 'pending' },
      ...Object.values(published).map(({ example }) => example),
    ),
  },
  {
    weight: 1,
    arbitrary: schemaArbitrary(schemas, schemas['UploadStatus'] ?? {}, 0) as fc.Arbitrary<object>,
  },
)

const namesIn = ({ properties = {}, items, anyOf = [] }: Schema): readonly string[] => [
  ...Object.keys(properties),
  ...[...Object.values(properties), ...anyOf, ...(items ? [items] : [])].flatMap(namesIn),
]

/** Every name that the contract knows. */
const names = [...new Set(Object.values(schemas).flatMap(namesIn))]

const name = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'),
  fc.constantFrom('', '0', 'Status', 'status ', 'ｓtatus', 'sta\0tus', 'statu\u0301s', '\ud800'),
)

const words = ['pending', 'processing', 'completed', 'failed']

const text = fc.oneof(
  fc.constantFrom(...words, 'archived', upload, 'ofapi_media_2'),
  fc.string({ unit: 'binary', maxLength: 8 }),
)

/** A value that may replace any other. */
const junk: fc.Arbitrary<JsonText> = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '[]', '{}', '[null]', '{"__proto__":{"id":7}}'),
  fc.constantFrom('0', '-0', '7', '-1', '0.5', '1e308', '1e999', '-1e999', '9007199254740993'),
  text.map(word => JSON.stringify(word)),
  fc.jsonValue({ maxDepth: 1 }).map(jsonText),
)

/** Text that is not JSON. */
const noise = fc.constantFrom('', 'NaN', 'undefined', "'x'", '{', ']', '"', '1.', '01', '\ufeff')

/** Omits, inserts, doubles or capitalizes one letter. */
const misspelt = (word: string, at: number, letter: string): string => {
  const i = at % (word.length + 1)
  const [before, after] = [word.slice(0, i), word.slice(i + (at % 2))]
  return before + letter + after
}

const nested = (depth: number, inner: JsonText): JsonText =>
  depth === 0 ? inner : list(nested(depth - 1, inner))

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.constant<Edit>(() => []),
  name.map((other): Edit => ([, inner]) => [[other, inner]]),
  { weight: 3, arbitrary: junk.map((other): Edit => ([own]) => [[own, other]]) },
  junk.map((other): Edit => slot => [slot, [slot[0], other]]),
  junk.map((other): Edit => slot => [[slot[0], other], slot]),
  fc.tuple(name, junk).map((more): Edit => slot => [slot, more]),
  fc.constant<Edit>(slot => [['__proto__', record(slot)]]),
  fc.constant<Edit>(([own, inner]) => [[own, record(['__proto__', inner])]]),
  name.map((other): Edit => ([own, inner]) => [[own, record([other, inner])]]),
  fc
    .constantFrom(1, 2, 58, 64)
    .map((depth): Edit => ([own, inner]) => [[own, nested(depth, inner)]]),
  fc
    .tuple(fc.nat({ max: 40 }), fc.constantFrom('', '', 'e', 'E', ' ', '\\u0065', 'е'))
    .map(([at, letter]): Edit => ([own, inner]) => [
      typeof inner === 'string' && inner.startsWith('"')
        ? [own, `"${misspelt(inner.slice(1, -1), at, letter)}"`]
        : [misspelt(own, at, letter), inner],
    ]),
  noise.map((other): Edit => ([own]) => [[own, other]]),
)

/** A valid answer with up to three errors. */
const nearMiss = fc
  .tuple(
    valid,
    fc.oneof({ weight: 9, arbitrary: fc.constant(upload) }, { weight: 1, arbitrary: text }),
    fc.array(fc.tuple(fc.nat({ max: 999 }), edit), { maxLength: 3 }),
  )
  .map(([value, prefixed_id, edits]) =>
    written(
      edits.reduce(
        (whole, [at, how]) => edited(whole, at % slotsIn(whole), how),
        jsonText({ ...value, prefixed_id }),
      ),
    ),
  )

const body = fc.oneof(
  { weight: 18, arbitrary: nearMiss },
  { weight: 1, arbitrary: fc.json({ maxDepth: 4, stringUnit: 'binary' }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)

// -- expected results -----------------------------------------------------------------------------

const wellFormed = (word: string): string => Buffer.from(word).toString()

/** A copy with well-formed strings and without any `__proto__`; null if it is nested too deeply. */
const clean = (value: unknown, depth = 1): { readonly copy: unknown } | null => {
  if (typeof value === 'string') return { copy: wellFormed(value) }
  if (typeof value !== 'object' || value === null) return { copy: value }
  if (depth > 64) return null
  const members = Object.entries(value)
    .filter(([own]) => own !== '__proto__')
    .map(([own, inner]) => [wellFormed(own), clean(inner, depth + 1)] as const)
  if (members.some(([, inner]) => inner === null)) return null
  const copies = members.map(([own, inner]) => [own, inner?.copy] as const)
  return {
    copy: Array.isArray(value) ? copies.map(([, inner]) => inner) : Object.fromEntries(copies),
  }
}

const isStatus = inferredSchema('UploadStatus')

/** The result of the contract for a body: its status, or the reason to reject it. */
const judged = (sent: string): { readonly status: unknown } | { readonly reason: string } => {
  let parsed: unknown
  try {
    parsed = JSON.parse(sent)
  } catch {
    return { reason: sent.trim() === '' ? 'empty' : 'notJson' }
  }
  const cleaned = clean(parsed)
  if (cleaned === null) return { reason: 'tooDeep' }
  const { copy } = cleaned
  return isStatus(copy) && (copy as { readonly prefixed_id: unknown }).prefixed_id === upload
    ? { status: copy }
    : { reason: 'shape' }
}

const asIs = (word: string): string => word

const read = (sent: string, status = 200): Either<Failure, UploadStatus> =>
  classify(upload, answerOf({ status, body: parseJson(sent, asIs) }))

const known = new Set(names)

/** Whether a failure contains only words of the contract, and a status that is one word. */
const isDiscreet = (failure: Failure): boolean =>
  failure._tag === 'Malformed' &&
  failure.problems.length <= 5 &&
  failure.problems.every(
    ({ path, expected }) => path.split('.').every(each => known.has(each)) && expected.length < 80,
  ) &&
  (failure.status === null || /^[\w-]{1,32}$/.test(failure.status))

describe('the decoder', () => {
  holds(
    'returns what the contract allows unchanged, and rejects the rest with a reason that quotes no value',
    5_000,
    fc.property(body, sent => {
      const verdict = judged(sent)
      const decoded = read(sent)
      if ('status' in verdict)
        return isDeepStrictEqual(decoded, { _tag: 'Right', right: verdict.status })
      return (
        isLeft(decoded) &&
        decoded.left._tag === 'Malformed' &&
        decoded.left.reason === verdict.reason &&
        isDiscreet(decoded.left)
      )
    }),
  )

  holds(
    'never returns a status from an answer other than a 200',
    500,
    fc.property(
      body,
      fc.integer({ min: 0, max: 999 }).filter(status => status !== 200),
      (sent, status) => isLeft(read(sent, status)),
    ),
  )

  test('receives enough valid inputs, and enough invalid ones of each kind', () => {
    const sample = fc.sample(body, { numRuns: 3_000, seed: 1 })
    const tally = new Map<string, number>()
    for (const sent of sample) {
      const verdict = judged(sent)
      const kind = 'reason' in verdict ? verdict.reason : 'accepted'
      tally.set(kind, (tally.get(kind) ?? 0) + 1)
    }
    for (const [kind, least] of Object.entries({
      accepted: 900,
      shape: 600,
      notJson: 100,
      tooDeep: 30,
      empty: 5,
    }))
      expect([kind, (tally.get(kind) ?? 0) >= least]).toEqual([kind, true])
  })
})

/** Counts how often any part of a value is read. */
const watched = (value: unknown): { readonly value: unknown; readonly looks: () => number } => {
  let looks = 0
  const watch = (inner: unknown): unknown =>
    typeof inner !== 'object' || inner === null
      ? inner
      : new Proxy(inner, {
          get: (target, key, receiver) => {
            looks += 1
            return watch(Reflect.get(target, key, receiver))
          },
          has: (target, key) => {
            looks += 1
            return Reflect.has(target, key)
          },
          ownKeys: target => {
            looks += 1
            return Reflect.ownKeys(target)
          },
          getOwnPropertyDescriptor: (target, key) => {
            looks += 1
            return Reflect.getOwnPropertyDescriptor(target, key)
          },
        })
  return { value: watch(value), looks: () => looks }
}

/** Each branch of the contract may read a name or a value, and `is` reads it before `validate`. */
const mostLooks = 10

describe('the work of the decoder', () => {
  // A large value in any place: many items, members or levels.
  const many = fc.integer({ min: 1, max: 1_000 })
  const large = fc.oneof(
    fc.tuple(many, junk).map(([n, inner]): JsonText => list(...Array<JsonText>(n).fill(inner))),
    fc
      .tuple(many, junk)
      .map(([n, inner]): JsonText =>
        record(...Array.from({ length: n }, (_, i) => [`member ${String(i)}`, inner] as const)),
      ),
    fc.tuple(many, junk).map(([n, inner]): JsonText => nested(n, inner)),
  )
  const largeBody = fc.tuple(valid, fc.nat({ max: 999 }), large).map(([value, at, inner]) => {
    const whole = jsonText({ ...value, prefixed_id: upload })
    return edited(whole, at % slotsIn(whole), ([own]) => [[own, inner]])
  })

  holds(
    'grows at most linearly with the size of the answer',
    100,
    fc.property(largeBody, sent => {
      const parts = 2 * slotsIn(sent)
      let redacted = 0
      const parsed = parseJson(written(sent), word => {
        redacted += 1
        return word
      })
      if (redacted > parts) throw new Error(`${String(redacted)} texts of ${String(parts)}`)
      if (!isRight(parsed)) return
      const { value, looks } = watched(parsed.right)
      decodeStatus(upload, value)
      if (looks() > mostLooks * parts)
        throw new Error(`${String(looks())} looks at ${String(parts)}`)
    }),
  )
})
