/** The members of an object that was handed in, or a TypeError that names it. */
export const object = (value: unknown, name: string): ReadonlyMap<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${name} must be an object`)
  }
  return new Map(Object.entries(value).filter(([, member]) => member !== undefined))
}

/** The same; a member that is not `known` is a TypeError too. */
export const members = (
  value: unknown,
  name: string,
  known: readonly string[],
): ReadonlyMap<string, unknown> => {
  const found = object(value, name)
  const stranger = [...found.keys()].find(key => !known.includes(key))
  if (stranger !== undefined) throw new TypeError(`${name} has no member named ${stranger}`)
  return found
}

/** A number from `least` to `most`, both included, or an error that names it. */
export const numberIn = (value: unknown, name: string, least: number, most: number): number => {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  if (!(value >= least && value <= most)) {
    throw new RangeError(`${name} must be from ${String(least)} to ${String(most)}`)
  }
  return value
}

/** A whole number from `least` to `most`, both included, or an error that names it. */
export const integerIn = (value: unknown, name: string, least: number, most: number): number => {
  const number = numberIn(value, name, least, most)
  if (!Number.isInteger(number)) throw new RangeError(`${name} must be a whole number`)
  return number
}

/** Milliseconds that a timer can wait: beyond 2^31 - 1 Node's fire at once. */
export const milliseconds = (value: unknown, name: string): number =>
  numberIn(value, name, 0, 2 ** 31 - 1)

/** A string, or a TypeError that names it. */
export const text = (value: unknown, name: string): string => {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`)
  return value
}

/** One of a few words, or a TypeError that names it. */
export const oneOf = <W extends string>(value: unknown, name: string, words: readonly W[]): W => {
  const word = words.find(candidate => candidate === value)
  if (word === undefined) throw new TypeError(`${name} must be one of ${words.join(', ')}`)
  return word
}

/** A function, or a TypeError that names it. */
export const callable = <F>(value: F, name: string): F => {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function`)
  return value
}
