import { describe, expect, test } from '@jest/globals'
import { checkedHeaders, headersOf } from '../../src/http/headers'

const expected = { 'x-one': 'a', 'x-two': 'b' }
const pairs: [string, string][] = [
  ['X-One', 'a'],
  ['x-two', 'b'],
]

describe('headers', () => {
  test.each<[string, () => unknown]>([
    ['an object', () => Object.fromEntries(pairs)],
    ['an object without a prototype', (): object => Object.assign({ __proto__: null }, expected)],
    ['pairs', () => pairs],
    ['a Map', () => new Map(pairs)],
    ['an iterator', () => new Map(pairs).entries()],
    ['a Headers', () => new Headers(pairs)],
    [
      'a Headers that cannot be iterated',
      () => ({ forEach: new Map(pairs).forEach.bind(new Map(pairs)) }),
    ],
  ])('are read from %s', (_, make) => {
    expect(headersOf(make())).toEqual(expected)
  })

  test('a name that is repeated has its texts joined, as fetch does', () => {
    expect(headersOf([...pairs, ['X-ONE', 'c']])).toEqual({ ...expected, 'x-one': 'a, c' })
  })

  test('have texts of any length, and any names', () => {
    const odd = { 'x-one': '', forEach: 'a b\tc, \xe9', [Symbol.iterator]: undefined }
    expect(headersOf(odd)).toEqual({ 'x-one': '', foreach: 'a b\tc, \xe9' })
  })

  test('there may be none', () => {
    for (const none of [{}, [], new Map(), new Headers()]) expect(headersOf(none)).toEqual({})
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'x-one: a'],
    ['a function', () => expected],
    ['a promise', Promise.resolve(expected)],
    ['a date', new Date()],
    ['texts', ['x-one: a']],
    ['a Set', new Set(['x-one'])],
    ['a pair and a half', [['x-one', 'a', 'b']]],
    ['a name that is no text', [[1, 'a']]],
    ['a text that is none', { 'x-one': undefined }],
    ['a name with a space', { 'x one': 'a' }],
    ['an empty name', { '': 'a' }],
    ['a line break', new Map([['x-one', 'a\r\nb: c']])],
  ])('are not %s', (_, value) => {
    expect(headersOf(value)).toBeNull()
  })
})

describe('headers that were handed in', () => {
  test('are given back as an object', () => {
    expect(checkedHeaders(new Map(pairs))).toEqual(expected)
  })

  test.each<[string, unknown, string]>([
    [
      'a text',
      'x: a',
      'headers must be an object, a Headers, a Map, or pairs of strings, not a string',
    ],
    [
      'an illegal name',
      { 'x one': 'a' },
      'headers must be legal names, each with one string that HTTP can carry',
    ],
  ])('are refused if they are %s', (_, headers, message) => {
    expect(() => checkedHeaders(headers as never)).toThrow(new TypeError(message))
  })
})
