import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { httpDate } from '../../src/api/httpDate'
import { retryAfter } from '../../src/api/retryAfter'
import { answerOf } from './answerOf'
import { httpDates as forms } from './httpDates'

const now = Date.UTC(2026, 10, 22, 18, 0, 0)

const read = (
  value: string,
  { receivedAt = now, date }: { receivedAt?: number; date?: string } = {},
) =>
  retryAfter(
    answerOf({
      receivedAt,
      headers: { 'retry-after': value, ...(date !== undefined && { date }) },
    }),
  )

/** Whole seconds, in years that RFC 850 can name with two digits. */
const second = fc
  .integer({ min: Date.UTC(2000) / 1_000, max: Date.UTC(2049) / 1_000 })
  .map(seconds => seconds * 1_000)
const moment = fc.integer({ min: Date.UTC(2000), max: Date.UTC(2049) })
const anyForm = fc.constantFrom(...Object.values(forms))

test('httpDate reads the three forms of a date of the last century alike', () => {
  const moment = Date.UTC(1994, 10, 6, 8, 49, 37)
  for (const form of [
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
  ])
    expect(httpDate(form)).toBe(moment)
})

describe('Retry-After in seconds', () => {
  test.each([
    ['1', 1_000],
    ['120', 120_000],
    ['007', 7_000],
    [' 5 ', 5_000],
    ['86400', 86_400_000],
  ])('of %p requests a wait of %d ms', (value, ms) => {
    expect(read(value)).toBe(ms)
  })

  test('may be any positive integer and never requests an infinite wait', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^0{0,3}[1-9]\d{0,400}$/), value => {
        const asked = Number(value) * 1_000
        expect(read(value)).toBe(Math.min(asked, Number.MAX_SAFE_INTEGER))
      }),
      { examples: [['9'.repeat(400)], ['9007199254740993']] },
    )
  })

  test('does not depend on any clock', () => {
    fc.assert(
      fc.property(moment, anyForm, second, (receivedAt, form, date) => {
        expect(read('30', { receivedAt, date: form(date) })).toBe(30_000)
      }),
    )
  })
})

describe.each(Object.entries(forms))('Retry-After as a date in the format %s', (name, form) => {
  test('is written like the example in RFC 9110', () => {
    const examples: { readonly [form: string]: string } = {
      'IMF-fixdate': 'Sun, 06 Nov 1994 08:49:37 GMT',
      'RFC 850': 'Sunday, 06-Nov-94 08:49:37 GMT',
      asctime: 'Sun Nov  6 08:49:37 1994',
    }
    expect(form(784_111_777_000)).toBe(examples[name])
  })

  test('requests the time until that date in GMT, in any local time zone', () => {
    expect(new Date(now).getTimezoneOffset()).not.toBe(0)
    expect(read(form(now + 90_000))).toBe(90_000)
  })

  test('requests a wait to the millisecond, although it is in seconds', () => {
    expect(read(form(now), { receivedAt: now - 1 })).toBe(1)
    expect(read(form(now), { receivedAt: now - 999 })).toBe(999)
  })

  test('requests no wait if it is now or past', () => {
    expect(read(form(now))).toBeNull()
    expect(read(form(now - 1_000))).toBeNull()
    expect(read(form(784_111_777_000))).toBeNull()
  })

  test('is relative to the local clock if the answer has no Date', () => {
    fc.assert(
      fc.property(second, moment, (at, receivedAt) => {
        expect(read(form(at), { receivedAt })).toBe(at > receivedAt ? at - receivedAt : null)
      }),
    )
  })

  test('is relative to the Date of the answer, so that a wrong local clock does not matter', () => {
    fc.assert(
      fc.property(second, second, anyForm, moment, (at, sent, dateForm, receivedAt) => {
        const asked = read(form(at), { receivedAt, date: dateForm(sent) })
        expect(asked).toBe(at > sent ? at - sent : null)
      }),
    )
  })
})

describe('a list in Retry-After', () => {
  const date = (ms: number, form = 'IMF-fixdate'): string => forms[form]?.(now + ms) ?? ''

  test.each([
    ['2, 2', 2_000],
    ['2,2', 2_000],
    ['7, 8', 8_000],
    ['8, 7', 8_000],
    ['0, 3', 3_000],
    [' 5 ,, 1,', 5_000],
    ['120, soon', 120_000],
    ['-5, 7', 7_000],
    [`${date(9_000)}, 5`, 9_000],
    [`5, ${date(9_000)}`, 9_000],
    [`10,${date(9_000)}`, 10_000],
    [`${date(4_000)}, ${date(9_000)}`, 9_000],
    [`${date(9_000)}, ${date(4_000)}`, 9_000],
    [`${date(4_000, 'RFC 850')}, ${date(9_000, 'asctime')}, 3`, 9_000],
    [`${date(-9_000)}, 1`, 1_000],
  ])('of %p requests its longest wait: %d ms', (value, ms) => {
    expect(read(value)).toBe(ms)
  })

  test.each(['0, 0', '-5, -2', '1.5, 2.5', 'soon, later', ',', `${date(-9_000)}, 0`])(
    'of %p requests no wait',
    value => {
      expect(read(value)).toBeNull()
    },
  )

  test('requests the longest wait of its members', () => {
    const member = fc.oneof(
      fc.nat(100_000).map(String),
      fc.string({ maxLength: 5 }).filter(text => !text.includes(',')),
      fc.tuple(anyForm, second).map(([form, at]) => form(at)),
    )
    fc.assert(
      fc.property(fc.array(member), fc.constantFrom(',', ', ', ' , '), (members, comma) => {
        const longest = Math.max(0, ...members.map(each => read(each) ?? 0))
        expect(read(members.join(comma)) ?? 0).toBe(longest)
      }),
    )
  })
})

test.each([
  ['an hour slow', now - 3_600_000],
  ['an hour fast', now + 3_600_000],
])('a local clock that is %s does not change the wait', (_, receivedAt) => {
  const date = new Date(now).toUTCString()
  const value = new Date(now + 7_000).toUTCString()
  expect(read(value, { receivedAt, date })).toBe(7_000)
})

test('a leap second is read as the start of the next minute', () => {
  expect(read('Sun, 22 Nov 2026 18:00:60 GMT')).toBe(60_000)
  expect(read('Sunday, 22-Nov-26 18:00:60 GMT')).toBe(60_000)
  expect(read('Sun Nov 22 18:00:60 2026')).toBe(60_000)
})

test('a two-digit year below 50 is in this century, any other in the last', () => {
  expect(read('Monday, 22-Nov-49 18:00:00 GMT')).toBe(Date.UTC(2049, 10, 22, 18) - now)
  expect(read('Tuesday, 22-Nov-50 18:00:00 GMT')).toBeNull()
})

test.each(['', 'abc', '0', 'yesterday', '2026-11-22T18:00:00Z'])(
  'an invalid Date of %p is replaced by the local clock',
  date => {
    expect(read(new Date(now + 7_000).toUTCString(), { date })).toBe(7_000)
  },
)

describe('Retry-After requests no wait', () => {
  test.each([
    '',
    ' ',
    '0',
    '000',
    '-5',
    '+5',
    '1.5',
    '5.',
    '1e3',
    '0x10',
    '٥',
    'abc',
    'NaN',
    'Infinity',
    '5 s',
    '5s',
    '1 2',
    'soon',
    'null',
    'Nov',
    '2030-01-01',
    '2030-01-01T00:00:00Z',
    '01/01/2030',
    'Tue, 01 Jan 2030 00:00:00',
    'Tue, 01 Jan 2030 00:00:00 CET',
    'Tue, 01 Jan 2030 00:00:00 GMT!',
    'after Tue, 01 Jan 2030 00:00:00 GMT',
    '(soon) Tue, 01 Jan 2030 00:00:00 GMT',
    'Tue, 01 Jan 2030 00:00:00 +0100',
    'Tue, 01 Foo 2030 00:00:00 GMT',
    'Tue, 99 Jan 2030 00:00:00 GMT',
    'Tue, 01 Jan 2030 24:00:00 GMT',
    'Tue, 01 Jan 2030 25:00:00 GMT',
    'Tue, 01 Jan 2030 00:00:61 GMT',
    'Tue, 1 Jan 2030 00:00:00 GMT',
    'Tue, 01 01 2030 00:00:00 GMT',
    'Tue, 01 Jan 30 00:00:00 GMT',
    'Tue, 01-Jan-2030 00:00:00 GMT',
    'Tue, 01 Jan 2030 00:00:00 2031',
    'Jan 05 2030 00:00:00 GMT',
    'Foo 2030-01-01 00:00:00 GMT',
    'Sunday, 06-Nov-31 00:00:00 2031',
    'Sunday, 30-Nov-60 00:00:00 GMT',
    'Sunday, 60-Nov-30 00:00:00 GMT',
    'Sunday, 00-Nov-30 00:00:00 GMT',
    'Tue, 31 Feb 2030 00:00:00 GMT',
    'Jan Foo  1 00:00:00 2030',
    'Tue, 01 Jan 2030 00:61:00 GMT',
    'tue, 01 jan 2030 00:00:00 gmt',
    'Tue Jan  1 00:00:00 2030 GMT',
    '5\nTue, 01 Jan 2030 00:00:00 GMT',
  ])('for %p', value => {
    expect(read(value)).toBeNull()
  })

  test('for an answer without the header', () => {
    expect(retryAfter(answerOf({ receivedAt: now }))).toBeNull()
  })

  test('for any string without an integer member', () => {
    fc.assert(
      fc.property(fc.string(), value => {
        fc.pre(!/(^|,)\s*\d+\s*(,|$)/.test(value))
        expect(read(value)).toBeNull()
      }),
    )
  })

  test('for any number with a sign, a point or an exponent', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[+-]\d+$|^\d*\.\d*$|^\d+[eE]\d+$/), value => {
        expect(read(value)).toBeNull()
      }),
    )
  })
})

test('the wait is positive and finite, or null', () => {
  const value = fc.oneof(
    fc.string(),
    fc.bigInt().map(String),
    fc.tuple(anyForm, second).map(([form, at]) => form(at)),
  )
  fc.assert(
    fc.property(value, fc.option(value, { nil: undefined }), moment, (text, date, receivedAt) => {
      const asked = read(text, { receivedAt, ...(date !== undefined && { date }) })
      if (asked === null) return
      expect(asked).toBeGreaterThan(0)
      expect(asked).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER)
    }),
  )
})
