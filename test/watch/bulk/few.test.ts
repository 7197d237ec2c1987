import { describe, expect, test } from '@jest/globals'
import { add, first, has, isSingle, list, remove, type Few } from '../../../src/watch/bulk/few'

const [a, b, c] = [{}, {}, {}]
const of = (...items: object[]): Few<object> => items.reduce<Few<object>>(add, null)

describe('Few', () => {
  test('with one item is that item', () => {
    expect(of(a)).toBe(a)
    expect(of(a, a)).toBe(a)
  })

  test.each([[[]], [[a]], [[a, b]], [[a, b, c]]])('lists each added item once', items => {
    expect(list(of(...items, ...items))).toEqual(items)
    for (const item of items) expect(has(of(...items), item)).toBe(true)
    expect(has(of(...items), {})).toBe(false)
  })

  test('removes one item and keeps the others', () => {
    expect(remove(null, a)).toBeNull()
    expect(remove(a, b)).toBe(a)
    expect(remove(a, a)).toBeNull()
    const pair = of(a, b)
    expect(list(remove(pair, a))).toEqual([b])
    expect(remove(pair, b)).toBeNull()
  })

  test('returns a list that later removals do not change', () => {
    const pair = of(a, b)
    const before = list(pair)
    remove(pair, a)
    expect(before).toEqual([a, b])
  })

  test.each<[readonly object[], boolean]>([
    [[], false],
    [[a], true],
    [[a, b], false],
  ])('has a first item, and is single only if there is no other', (items, isOnly) => {
    expect(first(of(...items))).toBe(items[0])
    expect(isSingle(of(...items))).toBe(isOnly)
  })

  test('is single after one of two items is removed', () => {
    const rest = remove(of(a, b), a)
    expect([first(rest), isSingle(rest)]).toEqual([b, true])
  })
})
