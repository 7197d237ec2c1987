import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { longestTimer } from '../../runtime/clock'
import { formatCount } from '../display/format'

/** The type of an option's value on the command line. */
export interface OptionType<A> {
  /** Completes the sentence "--option must be …". */
  readonly expected: string
  /** Describes a number that this type does not accept; completes "not …". */
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
  return /^[-+.]?\d/.test(text) ? 'a value of another form or size' : 'text'
}

const unitSizes: ReadonlyMap<string | undefined, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/** Parses a duration to milliseconds; null if it is none. */
const parseDuration = (text: string): number | null => {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([a-z]+) ?/g)]
  const sizes = parts.map(([, , unit]) => unitSizes.get(unit) ?? NaN)
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === text
  const isFalling = sizes.every((size, index) => size < (sizes[index - 1] ?? Infinity))
  return isWhole && isFalling && !text.endsWith(' ')
    ? parts.reduce((sum, [, amount], index) => sum + Number(amount) * (sizes[index] ?? 0), 0)
    : null
}

/** @param least in milliseconds; the longest duration is that of a timer, 24 days */
const durationFrom = (least: number): OptionType<number> => ({
  expected: `a duration from ${String(least)}ms to 596h, like 10m or 5m30s (units: ms, s, m, h)`,
  wrongNumber: 'a number without a unit',
  parse: text => {
    const duration = parseDuration(text)
    return duration !== null && duration >= least && duration <= longestTimer ? duration : null
  },
})

/** Durations with units, the largest first, each at most once: `500ms`, `1.5h` or `5m30s`. */
export const duration = durationFrom(0)

/** A duration that is not 0. */
export const positiveDuration = durationFrom(1)

const perMinuteOf: ReadonlyMap<string, number> = new Map([
  ['s', 60],
  ['sec', 60],
  ['second', 60],
  ['m', 1],
  ['min', 1],
  ['minute', 1],
])

/** A rate of 1 to `most` requests per minute: `60/min`, the same as `60` and `1/s`. */
export const rateTo = (most: number): OptionType<number> => ({
  expected: `requests per minute, from 1 to ${formatCount(most)}, like 60, 60/min or 1/s`,
  wrongNumber: 'another number',
  parse: text => {
    const [, count, unit = 'min'] = /^([1-9]\d{0,8})(?: ?\/ ?([a-z]+))?$/.exec(text) ?? []
    const rate = Number(count) * (perMinuteOf.get(unit) ?? NaN)
    return rate <= most ? rate : null
  },
})

/** The rate of a budget. */
export const ratePerMinute = rateTo(999_999_999)

/** An empty path is most often a variable of the shell that is not set. */
const filePath: OptionType<string> = {
  expected: 'the path of a file',
  wrongNumber: 'a number',
  parse: text => (text === '' ? null : text),
}

/** Parses the path of a file; undefined if the option was not given. */
export const parsePath = (
  option: string,
  text: string | undefined,
): Either<string, string | undefined> =>
  text === '-'
    ? E.left(
        `${option} takes no -: standard input is /dev/stdin, standard output is /dev/stdout, ` +
          'and a file of that name is ./-',
      )
    : parseOption(option, text, filePath, undefined)

/** A whole number, like `4010` or `-1`. */
export const wholeNumber: OptionType<number> = {
  expected: 'a whole number of at most 15 digits',
  wrongNumber: 'another number',
  parse: text => (/^-?\d{1,15}$/.test(text) ? Number(text) : null),
}

/** A whole number that is not negative, like `1000`. */
export const count: OptionType<number> = {
  expected: 'a whole number from 0 up, of at most 15 digits',
  wrongNumber: 'another number',
  parse: text => (/^\d{1,15}$/.test(text) ? Number(text) : null),
}

/** A fraction from 0 to 1, like `0.25`. */
export const fraction: OptionType<number> = {
  expected: 'a number from 0 to 1, like 0.25',
  wrongNumber: 'another number',
  parse: text => (/^(0(\.\d+)?|1(\.0+)?)$/.test(text) ? Number(text) : null),
}
