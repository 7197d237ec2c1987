import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import { malformed, type Malformed } from '../failure/failure'
import { wellFormed } from '../failure/safeText'

/** The maximum nesting. No answer of the API is as deep, and `structuredClone` can handle it. */
const maxDepth = 64

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const scrub = (
  members: Record<string, unknown>,
  redact: (text: string) => string,
  depth: number,
): boolean =>
  depth <= maxDepth &&
  Object.keys(members).every(key => {
    const value = members[key]
    if (key === '__proto__' || redact(key) !== key) return Reflect.deleteProperty(members, key)
    const name = wellFormed(key)
    if (name !== key) Reflect.deleteProperty(members, key)
    members[name] = typeof value === 'string' ? wellFormed(redact(value)) : value
    return !isRecord(value) || scrub(value, redact, depth + 1)
  })

/** Matches texts that `scrub` may change or reject: with escapes, surrogates, `__proto__`, or depth. */
const suspect = new RegExp(`[\\\\\uD800-\uDFFF]|__proto__|^(?:[^[{]*[[{]){${String(maxDepth)}}`)

/**
 * Parses JSON from a server into a value that is safe to keep, copy and traverse. It has no `__proto__`
 * member, is nested at most 64 levels deep, and its strings are redacted and well-formed.
 */
export const parseJson = (
  text: string,
  redact: (text: string) => string,
): Either<Malformed, unknown> => {
  const isPlain = !suspect.test(text) && redact(text) === text
  const root: Record<string, unknown> = {}
  try {
    root['value'] = JSON.parse(text)
  } catch {
    return E.left(malformed(text.trim() === '' ? 'empty' : 'notJson'))
  }
  return isPlain || scrub(root, redact, 0) ? E.right(root['value']) : E.left(malformed('tooDeep'))
}
