import { describe, expect, test } from '@jest/globals'
import { checkedHeaders, headersOf } from '../../src/http/headers'

const expected = { 'x-one': 'a', 'x-two': 'b' }
const pairs: [string, string][] = [
  ['X-One', 'a'],
  ['x-two', 'b'],
]

describe('headersOf', () => {
  test.each<[string, () => unknown]>([
    ['an object', () => Object.fromEntries(pairs)],
    ['an object without a prototype', (): object => Object.assign({ __proto__: null }, expected)],
    ['an array of pairs', () => pairs],
    ['a Map', () => new Map(pairs)],
    ['an iterator', () => new Map(pairs).entries()],
    ['a Headers', () => new Headers(pairs)],
    [
      'a Headers that cannot be iterated',
      () => ({ forEach: new Map(pairs).forEach.bind(new Map(pairs)) }),
    ],
  ])('reads %s', (_, make) => {
    expect(headersOf(make())).toEqual(expected)
  })

  test('joins the values of a repeated name, like fetch', () => {
    expect(headersOf([...pairs, ['X-ONE', 'c']])).toEqual({ ...expected, 'x-one': 'a, c' })
  })

  test('accepts an empty value and names that are also methods', () => {
    const odd = { 'x-one': '', forEach: 'a b\tc, \xe9', [Symbol.iterator]: undefined }
    expect(headersOf(odd)).toEqual({ 'x-one': '', foreach: 'a b\tc, \xe9' })
  })

  test('accepts no headers', () => {
    for (const none of [{}, [], new Map(), new Headers()]) expect(headersOf(none)).toEqual({})
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a string', 'x-one: a'],
    ['a function', () => expected],
    ['a promise', Promise.resolve(expected)],
    ['a date', new Date()],
    ['an array of strings', ['x-one: a']],
    ['a Set', new Set(['x-one'])],
    ['an entry of three strings', [['x-one', 'a', 'b']]],
    ['a name that is not a string', [[1, 'a']]],
    ['a value that is not a string', { 'x-one': undefined }],
    ['a name with a space', { 'x one': 'a' }],
    ['an empty name', { '': 'a' }],
    ['a line break', new Map([['x-one', 'a\r\nb: c']])],
  ])('returns null for %s', (_, value) => {
    expect(headersOf(value)).toBeNull()
  })
})

describe('checkedHeaders', () => {
  test('returns an object', () => {
    expect(checkedHeaders(new Map(pairs))).toEqual(expected)
  })

  test.each<[string, unknown, string]>([
    [
      'a string',
      'x: a',
      'headers must be an object, a Headers, a Map, or pairs of strings, not a string',
    ],
    [
      'an invalid name',
      { 'x one': 'a' },
      'headers must be legal names, each with one string that HTTP can carry',
    ],
  ])('refuses %s', (_, headers, message) => {
    expect(() => checkedHeaders(headers as never)).toThrow(new TypeError(message))
  })
})
