import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'

/** The type of an option's value on the command line. */
export interface OptionType<A> {
  /** Completes the sentence "--option must be …". */
  readonly expected: string
  /** What a number is that this type does not accept; completes "not …". */
  readonly wrongNumber: string
  /** Returns null if the text is not of this type. */
  readonly parse: (text: string) => A | null
}

/**
 * Parses the value of an option; `fallback` is the value of an option that was not given. The error
 * says the kind of the text but does not repeat it, because it could be a secret.
 */
export const parseOption = <A, B>(
  option: string,
  text: string | undefined,
  { expected, wrongNumber, parse }: OptionType<A>,
  fallback: B,
): Either<string, A | B> => {
  if (text === undefined) return E.right(fallback)
  const value = parse(text)
  if (value !== null) return E.right(value)
  return E.left(`${option} must be ${expected}, not ${kindOf(text, wrongNumber)}`)
}

const kindOf = (text: string, wrongNumber: string): string => {
  if (text === '') return 'empty'
  if (Number.isFinite(Number(text))) return wrongNumber
  return /^[-+.]?\d/.test(text) ? 'a value in another form' : 'text'
}

const unitSizes: ReadonlyMap<string | undefined, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/** A duration with a unit, like `500ms` or `1.5h`; parsed as milliseconds. */
export const duration: OptionType<number> = {
  expected: 'a number with a unit, like 10m (units: ms, s, m, h)',
  wrongNumber: 'a number without a unit',
  parse: text => {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? []
    const size = unitSizes.get(unit)
    return size === undefined ? null : Number(amount) * size
  },
}

/** A rate of at least one request per minute, like `60/min`. */
export const ratePerMinute: OptionType<number> = {
  expected: 'requests per minute, at least 1, like 60/min',
  wrongNumber: 'a number without "/min"',
  parse: text => {
    const [, count] = /^([1-9]\d{0,8})\/min$/.exec(text) ?? []
    return count === undefined ? null : Number(count)
  },
}

/** A whole number, like `4010` or `-1`. */
export const wholeNumber: OptionType<number> = {
  expected: 'a whole number of at most 15 digits',
  wrongNumber: 'another number',
  parse: text => (/^-?\d{1,15}$/.test(text) ? Number(text) : null),
}

/** A fraction from 0 to 1, like `0.25`. */
export const fraction: OptionType<number> = {
  expected: 'a number from 0 to 1, like 0.25',
  wrongNumber: 'another number',
  parse: text => (/^(0(\.\d+)?|1(\.0+)?)$/.test(text) ? Number(text) : null),
}
