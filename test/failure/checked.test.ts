import { describe, expect, test } from '@jest/globals'
import {
  callable,
  having,
  integerIn,
  list,
  members,
  milliseconds,
  numberIn,
  object,
  oneOf,
  text,
} from '../../src/failure/checked'

describe('number checks', () => {
  test.each([0, 1, 2.5, 2 ** 31 - 1])('accept %d milliseconds, bounds included', value => {
    expect(milliseconds(value, 'base')).toBe(value)
  })

  test.each([-1, NaN, Infinity, 2 ** 31])('refuse %p milliseconds', value => {
    expect(() => milliseconds(value, 'base')).toThrow(
      new RangeError(`base must be milliseconds from 0 to 2147483647, not ${String(value)}`),
    )
  })

  test.each([
    ['5', 'a string'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'a boolean'],
    [5n, 'a bigint'],
    [Symbol('five'), 'a symbol'],
    [[5], 'a list'],
    [Object.create(null), 'an object'],
    [() => 5, 'a function'],
  ])('refuse %p and name its type, rather than a range', (value, kind) => {
    expect(() => numberIn(value, 'fraction', 0, 1)).toThrow(
      new TypeError(`fraction must be a number from 0 to 1, not ${kind}`),
    )
  })

  test.each([0, 3, 1.5, NaN])('refuse %p as a whole number from 1 to 2', value => {
    expect(() => integerIn(value, 'count', 1, 2)).toThrow(
      new RangeError(`count must be a whole number from 1 to 2, not ${String(value)}`),
    )
  })

  test('accept both bounds of a whole number', () => {
    expect([integerIn(1, 'count', 1, 2), integerIn(2, 'count', 1, 2)]).toEqual([1, 2])
  })
})

describe('an unknown member', () => {
  const known = ['deadline', 'attemptTimeout', 'apiKey', 'on']

  test.each([
    ['deadlin', 'deadline'],
    ['deadlines', 'deadline'],
    ['daedline', 'deadline'],
    ['DEADLINE', 'deadline'],
    ['apikey', 'apiKey'],
    ['api_key', 'apiKey'],
    ['timeout', 'attemptTimeout'],
    ['attempt', 'attemptTimeout'],
    ['onn', 'on'],
  ])('%s is refused with the suggestion %s', (name, meant) => {
    expect(() => members({ [name]: 1 }, 'options', known)).toThrow(
      new TypeError(`options has no member named ${name}; did you mean ${meant}?`),
    )
  })

  test.each(['schedule', 'x', 'o', 'pi', 'abn', ''])(
    '%p without a similar name is refused with a list of all names',
    name => {
      const named = name === '' ? 'such member' : `member named ${name}`
      expect(() => members({ [name]: 1 }, 'options', known)).toThrow(
        new TypeError(`options has no ${named}; it may have deadline, attemptTimeout, apiKey, on`),
      )
    },
  )

  test.each(['sk_live_0123456789abcdefg', 'two words', '12|abc'])(
    'that is not a word, like %p, is not quoted, because it may be a secret',
    name => {
      expect(() => members({ [name]: 1 }, 'options', known)).toThrow(
        /^options has no such member; it may have deadline/,
      )
    },
  )

  test('is refused even if its value is undefined', () => {
    expect(() => members({ deadlin: undefined }, 'options', known)).toThrow(TypeError)
  })
})

test('members and object leave out undefined members', () => {
  expect([...members({ on: undefined, off: 1 }, 'options', ['on', 'off'])]).toEqual([['off', 1]])
  expect([...object({ on: undefined, off: 1 }, 'options')]).toEqual([['off', 1]])
})

describe('type checks', () => {
  test.each<[string, () => unknown, string]>([
    ['an object', () => object([], 'one'), 'one must be an object, not a list'],
    ['an object', () => object(null, 'one'), 'one must be an object, not null'],
    [
      'an object of known members',
      () => members(1, 'one', [], 'an object like { a }'),
      'one must be an object like { a }, not a number',
    ],
    ['a list', () => list({}, 'one', 'ids'), 'one must be a list of ids, not an object'],
    ['a string', () => text(1, 'one'), 'one must be a string, not a number'],
    [
      'one of the words',
      () => oneOf(1, 'one', ['a', 'b']),
      'one must be one of a, b, not a number',
    ],
    [
      'one of the words',
      () => oneOf('c', 'one', ['a', 'b']),
      'one must be one of a, b, not another string',
    ],
    ['a function', () => callable({}, 'one'), 'one must be a function, not an object'],
    [
      'a function',
      () => callable(1, 'one', '() => ms', '; use spaced(1000)'),
      'one must be a function () => ms, not a number; use spaced(1000)',
    ],
    ['a method', () => having({}, 'one', 'do', 'a doer'), 'one must be a doer, not an object'],
    ['a method', () => having(7, 'one', 'do', 'a doer'), 'one must be a doer, not a number'],
    ['a method', () => having(null, 'one', 'do', 'a doer'), 'one must be a doer, not null'],
  ])('refuse a value that is not %s, with its name and type', (_, check, message) => {
    expect(check).toThrow(new TypeError(message))
  })

  test('return a valid value', () => {
    const doer = Object.assign(() => 0, { do: () => 0 })
    expect(list([1], 'one', 'ids')).toEqual([1])
    expect(text('a', 'one')).toBe('a')
    expect(oneOf('b', 'one', ['a', 'b'])).toBe('b')
    expect(callable(doer, 'one')).toBe(doer)
    expect(having(doer, 'one', 'do', 'a doer')).toBe(doer)
    expect(having({ do: doer }, 'one', 'do', 'a doer').do).toBe(doer)
  })
})
