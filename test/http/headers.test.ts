import { describe, expect, test } from '@jest/globals'
import { headersOf } from '../../src/http/headers'

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
