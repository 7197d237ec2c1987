import { describe, expect, test } from '@jest/globals'
import { add, first, has, isSingle, list, remove, type Few } from '../../../src/watch/bulk/few'

const [a, b, c] = [{}, {}, {}]
const of = (...items: object[]): Few<object> => items.reduce<Few<object>>(add, null)

describe('few', () => {
  test('one item is kept as itself', () => {
    expect(of(a)).toBe(a)
    expect(of(a, a)).toBe(a)
  })

  test.each([[[]], [[a]], [[a, b]], [[a, b, c]]])('lists what was added, once', items => {
    expect(list(of(...items, ...items))).toEqual(items)
    for (const item of items) expect(has(of(...items), item)).toBe(true)
    expect(has(of(...items), {})).toBe(false)
  })

  test('what was removed is gone, and the rest is not', () => {
    expect(remove(null, a)).toBeNull()
    expect(remove(a, b)).toBe(a)
    expect(remove(a, a)).toBeNull()
    const pair = of(a, b)
    expect(list(remove(pair, a))).toEqual([b])
    expect(remove(pair, b)).toBeNull()
  })

  test('a list does not change with what it was made of', () => {
    const pair = of(a, b)
    const before = list(pair)
    remove(pair, a)
    expect(before).toEqual([a, b])
  })

  test.each<[readonly object[], boolean]>([
    [[], false],
    [[a], true],
    [[a, b], false],
  ])('the first item, and whether it is the only one', (items, isOnly) => {
    expect(first(of(...items))).toBe(items[0])
    expect(isSingle(of(...items))).toBe(isOnly)
  })

  test('of two items one remains, which is the only one then', () => {
    const rest = remove(of(a, b), a)
    expect([first(rest), isSingle(rest)]).toEqual([b, true])
  })
})
