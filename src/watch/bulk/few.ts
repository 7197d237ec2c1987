/** No item, one item, or a set of them: a single item takes no extra memory. */
export type Few<A extends object> = A | Set<A> | null

const isSet = <A extends object>(few: Few<A>): few is Set<A> => few instanceof Set

export const has = <A extends object>(few: Few<A>, item: A): boolean =>
  isSet(few) ? few.has(item) : few === item

/** Adds an item. Changes a set in place. */
export const add = <A extends object>(few: Few<A>, item: A): Few<A> => {
  if (isSet(few)) return few.add(item)
  return few === null || few === item ? item : new Set([few, item])
}

/** Removes an item. Changes a set in place; returns null if it becomes empty. */
export const remove = <A extends object>(few: Few<A>, item: A): Few<A> => {
  if (!isSet(few)) return few === item ? null : few
  few.delete(item)
  return few.size === 0 ? null : few
}

/** Whether it is a single item. */
export const isSingle = <A extends object>(few: Few<A>): boolean =>
  isSet(few) ? few.size === 1 : few !== null

/** Returns a snapshot that later changes do not affect. */
export const list = <A extends object>(few: Few<A>): readonly A[] =>
  isSet(few) ? [...few] : few === null ? [] : [few]

export const first = <A extends object>(few: Few<A>): A | undefined =>
  isSet(few) ? few.values().next().value : (few ?? undefined)
