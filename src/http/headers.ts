import { isRecord } from '../api/parseJson'
import { wrongType } from '../failure/checked'

/**
 * Headers in any form that `fetch` accepts: an object of strings, a `Headers`, a `Map`, or pairs of
 * name and value.
 */
export type RequestHeaders =
  | { readonly [name: string]: string }
  | Iterable<readonly [string, string]>
  | {
      /** Calls a function with the value and the name of each header. */
      readonly forEach: (callback: (text: string, name: string) => void) => void
    }

const isIterable = (value: object): value is Iterable<unknown> =>
  Symbol.iterator in value && typeof value[Symbol.iterator] === 'function'

const hasForEach = (
  value: object,
): value is { forEach: (callback: (text: unknown, name: unknown) => void) => void } =>
  'forEach' in value && typeof value.forEach === 'function'

/** Whether a value is a plain object, from any realm. The members of a class instance are not headers. */
const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const entriesOf = (value: object): readonly unknown[] | null => {
  if (isIterable(value)) return [...value]
  if (hasForEach(value)) {
    const entries: unknown[] = []
    value.forEach((text, name) => entries.push([name, text]))
    return entries
  }
  return isPlain(value) ? Object.entries(value) : null
}

const isPair = (value: unknown): value is readonly [unknown, unknown] =>
  Array.isArray(value) && value.length === 2

const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(value)

const isText = (value: unknown): value is string =>
  typeof value === 'string' && /^[\t -~\x80-\xff]*$/.test(value)

/**
 * Converts headers to an object, or returns null if the value is invalid. Names become lower case, so
 * that the user's headers replace ours; the values of a repeated name are joined, as in `fetch`.
 *
 * @see https://fetch.spec.whatwg.org/#headers-class
 */
export const headersOf = (value: unknown): Record<string, string> | null => {
  const entries = typeof value === 'object' && value !== null ? entriesOf(value) : null
  if (entries === null) return null
  const headers = new Map<string, string>()
  for (const entry of entries) {
    if (!isPair(entry)) return null
    const [name, text] = entry
    if (!isName(name) || !isText(text)) return null
    const key = name.toLowerCase()
    const before = headers.get(key)
    headers.set(key, before === undefined ? text : `${before}, ${text}`)
  }
  return Object.fromEntries(headers)
}

/** Checks headers and returns them as an object. Reads them once, because they may be an iterator. */
export const checkedHeaders = (headers: RequestHeaders): Record<string, string> => {
  const checked = headersOf(headers)
  if (checked !== null) return checked
  if (!isRecord(headers))
    throw wrongType(headers, 'headers', 'an object, a Headers, a Map, or pairs of strings')
  throw new TypeError('headers must be legal names, each with one string that HTTP can carry')
}
