/** An item of a heap. It can be in one heap at a time. */
export interface Ranked {
  /** The lowest comes first. */
  rank: number
  /** The order of insertion: of equal ranks the earlier comes first. */
  order: number
  /** Its index in the heap; -1 while it is in none. */
  place: number
}

/** A priority queue. Each change takes logarithmic time. */
export interface Heap<A extends Ranked> {
  readonly size: () => number
  readonly first: () => A | undefined
  /** Inserts an item, or moves it to where its new rank belongs. */
  readonly put: (item: A, rank: number) => void
  /** Removes an item, if it is there. */
  readonly remove: (item: A) => void
  /** Gives each item a new rank. The order of insertion stays. */
  readonly rerank: (rankOf: (item: A) => number) => void
  /** The number of insertions so far: all items have a lower order. */
  readonly puts: () => number
}

/** Whether an item comes before another one: by its rank, and of equal ranks by its insertion. */
export const byRank = (a: Ranked, b: Ranked): boolean =>
  a.rank < b.rank || (a.rank === b.rank && a.order < b.order)

/** A binary heap whose items know their index, so that any of them can be removed. */
export const heap = <A extends Ranked>(precedes: (a: A, b: A) => boolean = byRank): Heap<A> => {
  const items: A[] = []
  let puts = 0

  const stand = (item: A, place: number): void => {
    items[place] = item
    item.place = place
  }

  /** Moves an item towards the first, past all that it precedes. */
  const rise = (item: A, from: number): void => {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = items[above]
      if (parent === undefined || !precedes(item, parent)) break
      stand(parent, place)
      place = above
    }
    stand(item, place)
  }

  /** Moves an item away from the first, past all that precede it. */
  const sink = (item: A, from: number): void => {
    let place = from
    for (;;) {
      let below = 2 * place + 1
      let child = items[below]
      if (child === undefined) break
      const other = items[below + 1]
      if (other !== undefined && precedes(other, child)) {
        below += 1
        child = other
      }
      if (!precedes(child, item)) break
      stand(child, place)
      place = below
    }
    stand(item, place)
  }

  const remove = (item: A): void => {
    const { place } = item
    const last = place < 0 ? undefined : items.pop()
    if (last === undefined) return
    item.place = -1
    if (last === item) return
    sink(last, place)
    rise(last, last.place)
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
      // Those in the second half have nothing below them.
      for (const item of items.slice(0, items.length >> 1).reverse()) sink(item, item.place)
    },
    puts: () => puts,
  }
}
