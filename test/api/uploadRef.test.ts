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

describe('an identifier', () => {
  test('is any 1 to 128 letters, digits, _ or -', () => {
    fc.assert(
      fc.property(legal, text => {
        expect(isIdentifier(text)).toBe(true)
      }),
    )
  })

  test('is no text that holds anything else, wherever it stands', () => {
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

  test('is of the first 256 characters exactly those 64', () => {
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
  ])('may be %s', text => {
    expect(isIdentifier(text)).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['129 letters', 'a'.repeat(129)],
    ['a way up', '..'],
    ['a dot', '.'],
    ['an encoded dot', '%2e'],
    ['a path', 'a/b'],
    ['a path of Windows', 'a\\b'],
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
  ])('is not %s', (_, text) => {
    expect(isIdentifier(text)).toBe(false)
  })

  test.each([
    ['a number', 1],
    ['null', null],
    ['undefined', undefined],
    ['a list of one', ['acct_1']],
    ['an object that reads as one', { toString: () => 'acct_1' }],
    ['a text object', new String('acct_1')],
    ['true', true],
  ])('is not %s, though a pattern would take it for text', (_, value) => {
    expect(isIdentifier(value)).toBe(false)
  })

  test('is a string to the compiler', () => {
    expectTypeOf(isIdentifier).guards.toEqualTypeOf<string>()
  })
})
