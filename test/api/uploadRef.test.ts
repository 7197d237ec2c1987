import { describe, expect, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import { isIdentifier } from '../../src/api/uploadRef'

const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-')
const legal = fc.string({
  unit: fc.constantFrom(...letters),
  minLength: 1,
  maxLength: 128,
})

describe('isIdentifier', () => {
  test('accepts any 1 to 128 letters, digits, _ or -', () => {
    fc.assert(
      fc.property(legal, text => {
        expect(isIdentifier(text)).toBe(true)
      }),
    )
  })

  test('refuses a string with any other character, at any position', () => {
    const outside = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 1 })
      .filter(character => !letters.includes(character))
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...letters), maxLength: 60 }),
        outside,
        fc.string({ unit: fc.constantFrom(...letters), maxLength: 60 }),
        (before, character, after) => {
          expect(isIdentifier(before + character + after)).toBe(false)
        },
      ),
    )
  })

  test('accepts exactly 64 of the first 256 characters', () => {
    const characters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
    expect(characters.filter(isIdentifier)).toEqual(letters.toSorted())
  })

  test.each([
    'acct_XXXXXXXXXXXXXXX',
    'ofapi_media_01JR1234',
    '0',
    '-',
    '__proto__',
    'a'.repeat(128),
  ])('accepts %s', text => {
    expect(isIdentifier(text)).toBe(true)
  })

  test.each([
    ['an empty string', ''],
    ['129 letters', 'a'.repeat(129)],
    ['a parent segment', '..'],
    ['a dot', '.'],
    ['an encoded dot', '%2e'],
    ['a path', 'a/b'],
    ['a Windows path', 'a\\b'],
    ['a query', 'a?b'],
    ['a fragment', 'a#b'],
    ['a newline at its end', 'a\n'],
    ['a carriage return at its end', 'a\r'],
    ['a line separator at its end', 'a\u2028'],
    ['a newline at its start', '\na'],
    ['a space', 'a b'],
    ['a NUL', 'a\0'],
    ['a letter that is not ASCII', 'ä'],
    ['a letter that folds to ASCII', 'ſ'],
    ['a digit that is not ASCII', '１'],
  ])('refuses %s', (_, text) => {
    expect(isIdentifier(text)).toBe(false)
  })

  test.each([
    ['a number', 1],
    ['null', null],
    ['undefined', undefined],
    ['an array of one', ['acct_1']],
    ['an object that converts to one', { toString: () => 'acct_1' }],
    ['a String object', new String('acct_1')],
    ['true', true],
  ])('refuses %s, which a regular expression would convert to a string', (_, value) => {
    expect(isIdentifier(value)).toBe(false)
  })

  test('narrows to string for the compiler', () => {
    expectTypeOf(isIdentifier).guards.toEqualTypeOf<string>()
  })
})
