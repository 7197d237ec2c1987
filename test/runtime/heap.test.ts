import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { heap, type Ranked } from '../../src/runtime/heap'

interface Item extends Ranked {
  readonly name: number
}

const itemOf = (name: number): Item => ({ name, rank: 0, order: 0, index: -1 })

describe('a heap', () => {
  test('is empty when created', () => {
    const empty = heap<Item>()
    expect([empty.size(), empty.first(), empty.puts()]).toEqual([0, undefined, 0])
  })

  test('returns items of equal rank in order of insertion', () => {
    const all = heap<Item>()
    const items = [1, 2, 3, 4, 5, 6, 7].map(itemOf)
    for (const item of items) all.put(item, 5)
    const taken = items.map(() => {
      const first = all.first() ?? itemOf(0)
      all.remove(first)
      return first.name
    })
    expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  test('ignores the removal of an item that it does not contain', () => {
    const all = heap<Item>()
    const [a, b] = [itemOf(1), itemOf(2)]
    all.put(a, 1)
    all.remove(b)
    expect([all.size(), all.first()]).toEqual([1, a])
    all.remove(a)
    all.remove(a)
    expect([all.size(), a.index]).toEqual([0, -1])
  })

  const change = fc.record({
    name: fc.nat({ max: 15 }),
    rank: fc.oneof(
      { weight: 5, arbitrary: fc.nat({ max: 10 }) },
      { weight: 1, arbitrary: fc.double({ noNaN: true }) },
    ),
    isIn: fc.boolean(),
  })

  test('is always in order, after any insertions, moves and removals', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 100 }), changes => {
        const all = heap<Item>()
        const items = Array.from({ length: 16 }, (_, name) => itemOf(name))
        const expected = new Map<Item, readonly [rank: number, order: number]>()
        for (const [order, { name, rank, isIn }] of changes.entries()) {
          const item = items[name] ?? itemOf(name)
          if (isIn) {
            all.put(item, rank)
            expected.set(item, [rank, order])
          } else {
            all.remove(item)
            expected.delete(item)
          }
          const inOrder = [...expected].sort(
            ([, [rankA, orderA]], [, [rankB, orderB]]) => rankA - rankB || orderA - orderB,
          )
          expect([all.first(), all.size()]).toEqual([inOrder[0]?.[0], expected.size])
        }
        const rest: Item[] = []
        for (let first = all.first(); first !== undefined; first = all.first()) {
          rest.push(first)
          all.remove(first)
        }
        expect(rest.map(({ rank }) => rank)).toEqual(
          [...expected.values()].map(([rank]) => rank).sort((a, b) => a - b),
        )
      }),
    )
  })

  test('keeps the order of insertion among equal items after a rerank', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 40 }), ranks => {
        const all = heap<Item>()
        const items = ranks.map((_, name) => itemOf(name))
        for (const item of items) all.put(item, -item.name)
        all.rerank(({ name }) => ranks[name] ?? 0)
        const taken = items.map(() => {
          const first = all.first() ?? itemOf(-1)
          all.remove(first)
          return first.name
        })
        expect(taken).toEqual(
          items.map(({ name }) => name).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b),
        )
      }),
    )
  })
})
