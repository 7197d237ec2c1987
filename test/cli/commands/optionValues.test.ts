import { describe, expect, test } from '@jest/globals'
import { perMinute, share, wholeNumber } from '../../../src/cli/amount'
import type { Notation } from '../../../src/cli/commands/optionValues'

describe.each<[string, Notation<number>, readonly [string, number | null][]]>([
  [
    'a rate',
    perMinute,
    [
      ['60/min', 60],
      ['5000/min', 5_000],
      ['0/min', null],
      ['060/min', null],
      ['60', null],
      ['60/m', null],
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
    'a share',
    share,
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
])('%s', (_, notation, cases) => {
  test.each(cases)('reads "%s" as %s', (text, value) => {
    expect(notation.read(text)).toBe(value)
  })
})
