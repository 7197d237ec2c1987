import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import {
  duration,
  fraction,
  parseOption,
  positiveDuration,
  ratePerMinute,
  wholeNumber,
  type OptionType,
} from '../../../src/cli/commands/optionValues'

describe.each<[string, OptionType<number>, readonly [string, number | null][]]>([
  [
    'a rate',
    ratePerMinute,
    [
      ['60/min', 60],
      ['5000/min', 5_000],
      ['0/min', null],
      ['060/min', null],
      ['60', 60],
      ['60/m', 60],
      ['60/minute', 60],
      ['60 / min', 60],
      ['10/s', 600],
      ['60/h', null],
      ['60/', null],
      ['1.5/min', null],
      ['-1/min', null],
      ['1e9/min', null],
      ['9999999999/min', null],
    ],
  ],
  [
    'a whole number',
    wholeNumber,
    [
      ['0', 0],
      ['4010', 4_010],
      ['-1', -1],
      ['', null],
      ['1.0', null],
      ['0x10', null],
      ['1e3', null],
      [' 1', null],
      ['9999999999999999', null],
    ],
  ],
  [
    'a fraction',
    fraction,
    [
      ['0', 0],
      ['0.25', 0.25],
      ['1', 1],
      ['1.0', 1],
      ['1.1', null],
      ['2', null],
      ['-0.1', null],
      ['.5', null],
      ['50%', null],
      ['', null],
    ],
  ],
])('%s', (_, type, cases) => {
  test.each(cases)('parses "%s" as %s', (text, value) => {
    expect(type.parse(text)).toBe(value)
  })
})

describe('a duration', () => {
  test.each([
    ['0s', 0],
    ['500ms', 500],
    ['1s', 1_000],
    ['1.5s', 1_500],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['5m30s', 330_000],
    ['1h 5m 0.5s', 3_900_500],
  ])('parses %s', (text, ms) => {
    expect(duration.parse(text)).toBe(ms)
  })

  test.each([
    '',
    '10',
    'm',
    '-1s',
    '+1s',
    '1 s',
    '1e3s',
    '.5s',
    '5.s',
    '1d',
    '1M',
    '30s1m',
    '1m1m',
    '1m 30',
    '1m ',
    '1m  30s',
    '1m,30s',
    'NaNs',
  ])('rejects "%s"', text => {
    expect(duration.parse(text)).toBeNull()
  })

  test('fits a timer, and is not 0 where that would be no time at all', () => {
    expect(duration.parse('596h')).toBe(2_145_600_000)
    expect(duration.parse('597h')).toBeNull()
    expect(positiveDuration.parse('1ms')).toBe(1)
    expect(positiveDuration.parse('0s')).toBeNull()
  })
})

describe('an option', () => {
  const parse = (text: string | undefined, type: OptionType<number>): E.Either<string, unknown> =>
    parseOption('--option', text, type, null)

  test('has its default if it was not given', () => {
    expect(parse(undefined, duration)).toEqual(E.right(null))
  })

  test.each<[string, OptionType<number>, string]>([
    [
      '',
      duration,
      'a duration from 0ms to 596h, like 10m or 5m30s (units: ms, s, m, h), not empty',
    ],
    [
      '10',
      duration,
      'a duration from 0ms to 596h, like 10m or 5m30s (units: ms, s, m, h), not a number without a unit',
    ],
    [
      'soon',
      duration,
      'a duration from 0ms to 596h, like 10m or 5m30s (units: ms, s, m, h), not text',
    ],
    [
      '1.5',
      ratePerMinute,
      'requests per minute, from 1 to 999,999,999, like 60, 60/min or 1/s, not another number',
    ],
    [
      '0/min',
      ratePerMinute,
      'requests per minute, from 1 to 999,999,999, like 60, 60/min or 1/s, not a value of another form or size',
    ],
    ['1.5', wholeNumber, 'a whole number of at most 15 digits, not another number'],
    ['http', wholeNumber, 'a whole number of at most 15 digits, not text'],
    ['2', fraction, 'a number from 0 to 1, like 0.25, not another number'],
    ['50%', fraction, 'a number from 0 to 1, like 0.25, not a value of another form or size'],
  ])('rejects "%s" with what is allowed and the kind of the value', (text, type, sentence) => {
    expect(parse(text, type)).toEqual(E.left(`--option must be ${sentence}`))
  })
})
