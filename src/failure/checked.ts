/** Names the kind of a value, never the value itself: a string may be a secret. */
const kindOf = (value: unknown): string => {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (Number.isNaN(value)) return 'NaN'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const wrongType = (value: unknown, name: string, expected: string): TypeError =>
  new TypeError(`${name} must be ${expected}, not ${kindOf(value)}`)

/** Returns the members of an object, without those that are undefined. */
export const object = (value: unknown, name: string): ReadonlyMap<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(value, name, 'an object')
  }
  return new Map(Object.entries(value).filter(([, member]) => member !== undefined))
}

/** Returns the members of an object and refuses a member that is not `known`. */
export const members = (
  value: unknown,
  name: string,
  known: readonly string[],
): ReadonlyMap<string, unknown> => {
  const found = object(value, name)
  const unknown = [...found.keys()].find(key => !known.includes(key))
  if (unknown !== undefined) {
    throw new TypeError(`${name} has no member named ${unknown}; it may have ${known.join(', ')}`)
  }
  return found
}

/** Returns a list. */
export const list = (value: unknown, name: string, of: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw wrongType(value, name, `a list of ${of}`)
  return value
}

/** Returns a number from `least` to `most`, both included. */
export const numberIn = (value: unknown, name: string, least: number, most: number): number => {
  const range = `from ${String(least)} to ${String(most)}`
  if (typeof value !== 'number') throw wrongType(value, name, `a number ${range}`)
  if (!(value >= least && value <= most)) {
    throw new RangeError(`${name} must be ${range}, not ${String(value)}`)
  }
  return value
}

/** Returns a whole number from `least` to `most`, both included. */
export const integerIn = (value: unknown, name: string, least: number, most: number): number => {
  const number = numberIn(value, name, least, most)
  if (!Number.isInteger(number)) {
    throw new RangeError(`${name} must be a whole number, not ${String(number)}`)
  }
  return number
}

/** Returns milliseconds that a timer can wait: above 2^31 - 1 a timer of Node fires at once. */
export const milliseconds = (value: unknown, name: string): number =>
  numberIn(value, name, 0, 2 ** 31 - 1)

/** Returns a string. */
export const text = (value: unknown, name: string): string => {
  if (typeof value !== 'string') throw wrongType(value, name, 'a string')
  return value
}

/** Returns one of the given words. */
export const oneOf = <W extends string>(value: unknown, name: string, words: readonly W[]): W => {
  const word = words.find(candidate => candidate === value)
  if (word !== undefined) return word
  const expected = `one of ${words.join(', ')}`
  if (typeof value !== 'string') throw wrongType(value, name, expected)
  throw new TypeError(`${name} must be ${expected}`)
}

/** Returns a function. */
export const callable = <F>(value: F, name: string): F => {
  if (typeof value !== 'function') throw wrongType(value, name, 'a function')
  return value
}
