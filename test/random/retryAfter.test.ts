import { describe } from '@jest/globals'
import fc from 'fast-check'
import { retryAfter } from '../../src/api/retryAfter'
import { answerOf } from '../api/answerOf'
import { httpDates } from '../api/httpDates'
import { holds } from './holds'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const isDigit = (letter: string): boolean => '0123456789'.includes(letter) && letter !== ''

/**
 * Compares each character. In a pattern `0` is a digit, `A` an upper-case letter, `a` a lower-case one,
 * and anything else itself.
 */
const isLike = (pattern: string, text: string): boolean =>
  text.length === pattern.length &&
  Array.from(pattern).every((kind, i) => {
    const letter = text.charAt(i)
    if (kind === '0') return isDigit(letter)
    if (kind === 'A') return letter >= 'A' && letter <= 'Z'
    if (kind === 'a') return letter >= 'a' && letter <= 'z'
    return letter === kind
  })

/**
 * Parses a date as in RFC 9110, section 5.6.7. The name of the weekday adds nothing to the date: any
 * word of its form is ignored.
 */
const dateOf = (text: string): number | null => {
  const comma = text.indexOf(',')
  const isLong = comma > 3
  const weekday = text.slice(0, isLong ? comma : 3)
  const rest = text.slice(weekday.length)
  const isWeekday = isLong
    ? weekday.endsWith('day') &&
      weekday.length > 4 &&
      isLike(`A${'a'.repeat(weekday.length - 1)}`, weekday)
    : isLike('Aaa', weekday)
  if (!isWeekday) return null
  const part = (from: number, length: number): string => rest.slice(from, from + length)
  const [day, month, year, time] =
    isLong && isLike(', 00-Aaa-00 00:00:00 GMT', rest)
      ? [part(2, 2), part(5, 3), part(9, 2), part(12, 8)]
      : !isLong && isLike(', 00 Aaa 0000 00:00:00 GMT', rest)
        ? [part(2, 2), part(5, 3), part(9, 4), part(14, 8)]
        : !isLong &&
            [' Aaa  0 00:00:00 0000', ' Aaa 00 00:00:00 0000'].some(each => isLike(each, rest))
          ? [part(5, 2), part(1, 3), part(17, 4), part(8, 8)]
          : []
  if (day === undefined || month === undefined || year === undefined || time === undefined)
    return null
  const [hour, minute, second] = [time.slice(0, 2), time.slice(3, 5), time.slice(6, 8)].map(Number)
  if (hour === undefined || minute === undefined || second === undefined) return null
  const isPossible =
    months.includes(month) && Number(day) >= 1 && hour <= 23 && minute <= 59 && second <= 60
  // A fixed century for two digits. The rule of RFC 9110 depends on the current year.
  const whole =
    year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2_000 : 1_900)
  const days = new Date(Date.UTC(whole, months.indexOf(month) + 1, 0)).getUTCDate()
  return isPossible && whole >= 100 && Number(day) <= days
    ? Date.UTC(whole, months.indexOf(month), Number(day), hour, minute, second)
    : null
}

/** The wait of one value, in milliseconds. */
const waitOf = (value: string, date: string | undefined, receivedAt: number): number | null => {
  const text = value.trim()
  if (text !== '' && Array.from(text).every(isDigit)) {
    const wait = Math.min(Number(text) * 1_000, Number.MAX_SAFE_INTEGER)
    return wait === 0 ? null : wait
  }
  const until = dateOf(text)
  if (until === null) return null
  const from = (date === undefined ? null : dateOf(date)) ?? receivedAt
  return until > from ? until - from : null
}

/**
 * The wait of a header: the longest one of a list. A date has at most one comma, so every one or two
 * consecutive parts may be a value.
 */
const reference = (header: string, date: string | undefined, receivedAt: number): number | null => {
  const commas = [-1, ...header.split('').flatMap((c, i) => (c === ',' ? i : [])), header.length]
  let longest: number | null = null
  for (const [i, from] of commas.entries())
    for (const to of commas.slice(i + 1, i + 3)) {
      const wait = waitOf(header.slice(from + 1, to), date, receivedAt)
      if (wait !== null && wait > (longest ?? 0)) longest = wait
    }
  return longest
}

const moment = fc.integer({ min: Date.UTC(2000), max: Date.UTC(2049) })

const httpDate = fc
  .tuple(fc.constantFrom(...Object.values(httpDates)), moment)
  .map(([form, at]) => form(at))

const spoilt = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      text,
      fc.nat({ max: 32 }),
      fc.nat({ max: 3 }),
      fc.oneof(
        fc.constantFrom(
          '',
          '',
          '0',
          '1',
          '60',
          '99',
          '-',
          '+',
          '.',
          ',',
          ' ',
          'GMT',
          ' GMT',
          'UTC',
        ),
        fc.constantFrom(
          'Jan',
          'Dec',
          'Foo',
          'Est',
          'day',
          'A',
          'a',
          'am',
          '2030',
          '31',
          '24',
          'Z',
          '\n',
          '٥',
        ),
        fc.string({ maxLength: 2 }),
      ),
    )
    .map(([whole, at, cut, inserted]) => whole.slice(0, at) + inserted + whole.slice(at + cut))

const seconds = fc.oneof(
  fc.nat({ max: 100_000 }).map(String),
  fc.bigInt({ min: 0n, max: 10n ** 400n }).map(String),
  fc.stringMatching(/^0*\d{1,4}$/),
)

const one = fc.oneof(
  httpDate,
  { weight: 3, arbitrary: spoilt(httpDate) },
  spoilt(spoilt(httpDate)),
  seconds,
  spoilt(seconds),
  fc.string(),
)

const value = fc.oneof(
  { weight: 3, arbitrary: one },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.array(one, { maxLength: 4 }), fc.constantFrom(',', ', ', ' ,'))
      .map(([values, comma]) => values.join(comma)),
  },
)

describe('Retry-After', () => {
  holds(
    'is read as RFC 9110 defines it, and any other value is ignored',
    5_000,
    fc.property(value, fc.option(value, { nil: undefined }), moment, (text, date, receivedAt) => {
      const headers = { 'retry-after': text, ...(date !== undefined && { date }) }
      const asked = retryAfter(answerOf({ receivedAt, headers }))
      const due = reference(text, date, receivedAt)
      if (asked !== due) throw new Error(`${String(asked)} instead of ${String(due)}`)
    }),
  )
})
