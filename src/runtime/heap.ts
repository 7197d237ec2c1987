/** An item of a heap. It can be in one heap at a time. */
export interface Ranked {
  /** The lowest comes first. */
  rank: number
  /** The order of insertion. Among equal ranks the earlier item comes first. */
  order: number
  /** Its index in the heap, or -1 if it is in none. */
  index: number
}

/** A priority queue. Each change takes logarithmic time. */
export interface Heap<A extends Ranked> {
  readonly size: () => number
  readonly first: () => A | undefined
  /** Inserts an item, or moves it according to its new rank. */
  readonly put: (item: A, rank: number) => void
  /** Removes an item if the heap contains it. */
  readonly remove: (item: A) => void
  /** Updates the rank of every item. Keeps the order of insertion. */
  readonly rerank: (rankOf: (item: A) => number) => void
  /** The number of insertions so far. All items have a lower order. */
  readonly puts: () => number
}

/** Whether an item comes before another one: by its rank, and of equal ranks by its insertion. */
export const byRank = (a: Ranked, b: Ranked): boolean =>
  a.rank < b.rank || (a.rank === b.rank && a.order < b.order)

/** A binary heap whose items know their index, so that any of them can be removed. */
export const heap = <A extends Ranked>(precedes: (a: A, b: A) => boolean = byRank): Heap<A> => {
  const items: A[] = []
  let puts = 0

  const stand = (item: A, index: number): void => {
    items[index] = item
    item.index = index
  }

  /** Moves an item up, past all parents that it precedes. */
  const rise = (item: A, from: number): void => {
    let index = from
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = items[parentIndex]
      if (parent === undefined || !precedes(item, parent)) break
      stand(parent, index)
      index = parentIndex
    }
    stand(item, index)
  }

  /** Moves an item down, past all children that precede it. */
  const sink = (item: A, from: number): void => {
    let index = from
    for (;;) {
      let childIndex = 2 * index + 1
      let child = items[childIndex]
      if (child === undefined) break
      const other = items[childIndex + 1]
      if (other !== undefined && precedes(other, child)) {
        childIndex += 1
        child = other
      }
      if (!precedes(child, item)) break
      stand(child, index)
      index = childIndex
    }
    stand(item, index)
  }

  const remove = (item: A): void => {
    const { index } = item
    const last = index < 0 ? undefined : items.pop()
    if (last === undefined) return
    item.index = -1
    if (last === item) return
    sink(last, index)
    rise(last, last.index)
  }

  return {
    size: () => items.length,
    first: () => items[0],
    put: (item, rank) => {
      remove(item)
      item.rank = rank
      item.order = puts++
      rise(item, items.length)
    },
    remove,
    rerank: rankOf => {
      for (const item of items) item.rank = rankOf(item)
      // The items in the second half have no children.
      for (const item of items.slice(0, items.length >> 1).reverse()) sink(item, item.index)
    },
    puts: () => puts,
  }
}
