/** What may stand in a heap: in one at a time. */
export interface Ranked {
  /** The lowest comes first. */
  rank: number
  /** When it was put in: of equal ranks the earlier comes first. */
  order: number
  /** Where in the heap it stands; -1 in none. */
  place: number
}

/** Puts things in order of their ranks; each change costs the logarithm of their number. */
export interface Heap<A extends Ranked> {
  readonly size: () => number
  readonly first: () => A | undefined
  /** Puts a thing in, or moves it to where its new rank belongs. */
  readonly put: (item: A, rank: number) => void
  /** Takes a thing out, if it is in. */
  readonly remove: (item: A) => void
  /** How often a thing was put in: all that is in by now has a lower order. */
  readonly puts: () => number
}

const precedes = (a: Ranked, b: Ranked): boolean =>
  a.rank < b.rank || (a.rank === b.rank && a.order < b.order)

/** A binary heap whose items know their own places, so that any of them can be taken out. */
export const heap = <A extends Ranked>(): Heap<A> => {
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
    const last = items[items.length - 1]
    if (place < 0 || last === undefined) return
    items.pop()
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
    puts: () => puts,
  }
}
