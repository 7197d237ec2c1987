import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import stringWidth from 'string-width'
import {
  linesAboveScreen,
  padEnd,
  sanitize,
  truncate,
  truncateMiddle,
  wrappedHeight,
} from '../../../src/cli/display/text'

const graphemes = (text: string): readonly string[] =>
  Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)

const id = 'ofapi_media_0123456789abcdef'

describe.each([
  ['truncate', truncate, 'ofapi_med…'],
  ['truncateMiddle', truncateMiddle, 'ofa…abcdef'],
])('%s', (_, shorten, ten) => {
  test('keeps a text that fits', () => {
    expect(shorten(id, id.length)).toBe(id)
    expect(shorten(id, Infinity)).toBe(id)
  })

  test('marks a text that it truncates', () => {
    expect(shorten(id, 10)).toBe(ten)
  })

  test('is empty without space', () => {
    expect(shorten(id, 0)).toBe('')
    expect(shorten(id, -3)).toBe('')
  })

  test.each(['漢字漢字漢字漢字', '👩‍👩‍👧‍👦 family 👍🏽 party', 'é́é́é́é́é́é́é́é́', 'ｶﾞｶﾞｶﾞ가각간'])(
    'never exceeds the width in terminal columns, and never splits a character: %s',
    text => {
      const characters = new Set(graphemes(text))
      for (let width = 0; width <= 24; width += 1) {
        const fitted = shorten(text, width)
        expect(stringWidth(fitted)).toBeLessThanOrEqual(width)
        for (const character of graphemes(fitted))
          expect(character === '…' || characters.has(character)).toBe(true)
      }
    },
  )

  test('never exceeds the width, and never breaks a surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, width) => {
        const fitted = shorten(text, width)
        expect(stringWidth(fitted)).toBeLessThanOrEqual(width)
        expect(fitted).not.toMatch(/\p{Cs}/u)
      }),
    )
  })
})

describe('padEnd', () => {
  test.each([
    ['ab', 4, 'ab  '],
    ['漢', 4, '漢  '],
    ['abcd', 2, 'abcd'],
  ])('fills %j up to %d columns', (text, width, padded) => {
    expect(padEnd(text, width)).toBe(padded)
  })
})

describe('sanitized text', () => {
  test.each([
    ['a plain sentence', 'a plain sentence'],
    ['\u001B[31mred\u001B[0m', 'red'],
    ['\u001B]8;;https://evil.example\u0007link\u001B]8;;\u0007', 'link'],
    ['title\u001B]0;owned\u0007', 'title'],
    ['bell\u0007 back\b\b', 'bell back'],
    ['one\r\ntwo\n\n\tthree', 'one two three'],
    ['C1 \u009B31m', 'C1'],
    ['\u202Egnp.exe', 'gnp.exe'],
    ['zero\u200Bwidth\u2066', 'zerowidth'],
    ['line\u2028separator', 'line separator'],
    ['  größer – ✓ 漢字 ', 'größer – ✓ 漢字'],
  ])('changes %j to %j', (text, expected) => {
    expect(sanitize(text)).toBe(expected)
  })

  test('has no control or format character, and is one line of limited width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 1, max: 50 }),
        (text, most) => {
          const line = sanitize(text, most)
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
          expect(stringWidth(line)).toBeLessThanOrEqual(most)
        },
      ),
    )
  })

  test('takes little time for a text of any size', () => {
    const started = performance.now()
    expect(sanitize('\u001B['.repeat(1_000_000)).length).toBeLessThanOrEqual(300)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

describe('lines on a narrower terminal', () => {
  test.each([
    [['12345678', '1234'], 8, 2],
    [['12345678', '1234'], 4, 3],
    [['漢字漢字', ''], 4, 3],
    [['\u001B[31m12345\u001B[39m'], 5, 1],
    [[], 80, 0],
  ])('are wrapped: %j on %d columns are %d', (lines, columns, height) => {
    expect(wrappedHeight(lines, columns)).toBe(height)
  })
})

describe('lines above the cursor, on a screen that is too small for them', () => {
  test.each([
    [['1', '2', '3'], { columns: 4, rows: 4 }, []],
    [['1', '2', '3'], { columns: 4, rows: 3 }, ['1']],
    [['12345678', '3'], { columns: 4, rows: 3 }, ['1234']],
    [['漢字', '12345', '3'], { columns: 4, rows: 2 }, ['漢字', '12345']],
    [['\u001B[31m123456\u001B[39m', '3'], { columns: 4, rows: 3 }, ['1234']],
    [['', '2'], { columns: 4, rows: 1 }, ['', '2']],
  ])('%j: %j has scrolled out %j', (lines, size, expected) => {
    expect(linesAboveScreen(lines, size)).toEqual(expected)
  })
})
