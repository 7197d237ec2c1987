import type { Either } from 'fp-ts/Either'
import * as E from '../model/either'
import { malformed, type Malformed } from '../model/failure'

/** Deeper than any answer of the API, and shallow enough for `structuredClone` and its like. */
const deepest = 64

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const scrub = (
  members: Record<string, unknown>,
  redact: (text: string) => string,
  depth: number,
): boolean =>
  depth <= deepest &&
  Object.keys(members).every(key => {
    const value = members[key]
    if (key === '__proto__' || redact(key) !== key) return Reflect.deleteProperty(members, key)
    if (typeof value === 'string') members[key] = redact(value)
    return !isRecord(value) || scrub(value, redact, depth + 1)
  })

/** What a text has in it that `scrub` may have something to do with: escapes, and depth. */
const suspect = new RegExp(`\\\\|__proto__|^(?:[^[{]*[[{]){${String(deepest)}}`)

/**
 * Parses JSON that a stranger sent, into a value that is safe to keep, copy and walk: it has no
 * `__proto__` member, is nested at most 64 levels deep, and every text in it was redacted.
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
