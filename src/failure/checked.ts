/** Returns the kind of a value. Never the value itself: a string may be a secret. */
export const kindOf = (value: unknown): string => {
  if (value === undefined) return 'undefined'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** The error for a value of the wrong type: what is expected, its kind, and advice. */
export const wrongType = (value: unknown, name: string, expected: string, advice = ''): TypeError =>
  new TypeError(`${name} must be ${expected}, not ${kindOf(value)}${advice}`)

const entriesOf = (
  value: unknown,
  name: string,
  expected = 'an object',
): ReadonlyArray<readonly [string, unknown]> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongType(value, name, expected)
  return Object.entries(value)
}

const defined = (
  entries: ReadonlyArray<readonly [string, unknown]>,
): ReadonlyMap<string, unknown> => new Map(entries.filter(([, member]) => member !== undefined))

/** Returns the members of an object, without those that are undefined. */
export const object = (
  value: unknown,
  name: string,
  expected?: string,
): ReadonlyMap<string, unknown> => defined(entriesOf(value, name, expected))

/** Whether two words differ by at most `edits` inserted, deleted or replaced letters. */
const isNear = (one: string, other: string, edits: number): boolean => {
  if (one === other) return true
  const [rest, otherRest] = [one.slice(1), other.slice(1)]
  if (one[0] === other[0]) return isNear(rest, otherRest, edits)
  const left = edits - 1
  return (
    left >= 0 &&
    (isNear(rest, other, left) || isNear(one, otherRest, left) || isNear(rest, otherRest, left))
  )
}

/** The known word closest to an unknown one. */
const nearest = (unknown: string, known: readonly string[]): string | undefined => {
  const word = unknown.toLowerCase()
  // In a short word, two letters are most of it.
  const edits = word.length > 3 ? 2 : word.length > 1 ? 1 : 0
  return (
    known.find(name => isNear(word, name.toLowerCase(), edits)) ??
    known.find(name => word.length > 2 && name.toLowerCase().includes(word))
  )
}

/** Returns the members of an object that are defined. Throws if a member is not `known`. */
export const members = (
  value: unknown,
  name: string,
  known: readonly string[],
  expected?: string,
): ReadonlyMap<string, unknown> => {
  const entries = entriesOf(value, name, expected)
  for (const [key] of entries) {
    if (known.includes(key)) continue
    // A longer key is hardly a name: it may be a secret in the wrong place.
    const unknown = /^[\w$]{1,24}$/.test(key) ? `member named ${key}` : 'such member'
    const meant = nearest(key, known)
    throw new TypeError(
      `${name} has no ${unknown}; ` +
        (meant === undefined ? `it may have ${known.join(', ')}` : `did you mean ${meant}?`),
    )
  }
  return defined(entries)
}

/** Checks that a value is an array, and returns it. */
export const list = (value: unknown, name: string, of: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw wrongType(value, name, `a list of ${of}`)
  return value
}

/** Checks that a value is a number from `least` to `most`, both inclusive, and returns it. */
export const numberIn = (
  value: unknown,
  name: string,
  least: number,
  most: number,
  expected = `a number from ${String(least)} to ${String(most)}`,
): number => {
  if (typeof value !== 'number') throw wrongType(value, name, expected)
  if (value >= least && value <= most) return value
  throw new RangeError(`${name} must be ${expected}, not ${String(value)}`)
}

/** Checks that a value is an integer from `least` to `most`, both inclusive, and returns it. */
export const integerIn = (value: unknown, name: string, least: number, most: number): number =>
  numberIn(
    value,
    name,
    // No finite number is in a range that starts at Infinity.
    Number.isInteger(value) ? least : Infinity,
    most,
    `a whole number from ${String(least)} to ${String(most)}`,
  )

/** Checks a timer's delay. Above 2^31 - 1 ms, Node's timers would fire immediately. */
export const milliseconds = (value: unknown, name: string, least = 0): number => {
  const most = 2 ** 31 - 1
  return numberIn(value, name, least, most, `milliseconds from ${String(least)} to ${String(most)}`)
}

/** Checks that a value is a string, and returns it. */
export const text = (value: unknown, name: string): string => {
  if (typeof value !== 'string') throw wrongType(value, name, 'a string')
  return value
}

/** Checks that a value is one of the given words, and returns it. */
export const oneOf = <W extends string>(value: unknown, name: string, words: readonly W[]): W => {
  const word = words.find(candidate => candidate === value)
  if (word !== undefined) return word
  const expected = `one of ${words.join(', ')}`
  if (typeof value !== 'string') throw wrongType(value, name, expected)
  throw new TypeError(`${name} must be ${expected}, not another string`)
}

/** Checks that a value is a function, and returns it. `signature` is like `(event) => void`. */
export const callable = <F>(value: F, name: string, signature = '', advice = ''): F => {
  if (typeof value === 'function') return value
  throw wrongType(value, name, `a function ${signature}`.trim(), advice)
}

/** Returns a member of an object or a function; undefined for any other value. */
export const memberOf = (value: unknown, name: string): unknown =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'
    ? Reflect.get(value, name)
    : undefined

/** Checks that a value is an object or a function with the method, and returns it. */
export const having = <O>(value: O, name: string, method: string, expected: string): O => {
  if (typeof memberOf(value, method) === 'function') return value
  throw wrongType(value, name, expected)
}
