/**
 * JSON as written: a member may occur twice, and a number may be too large. A value that is not nested
 * is its own text.
 */
export type JsonText = string | Nest

interface Nest {
  readonly open: '[' | '{'
  readonly slots: readonly Slot[]
}

/** A member, or an item of a list, which has no name. */
export type Slot = readonly [name: string, text: JsonText]

/** A change of one slot. */
export type Edit = (slot: Slot) => readonly Slot[]

export const list = (...items: readonly JsonText[]): JsonText => ({
  open: '[',
  slots: items.map(item => ['', item]),
})

export const record = (...slots: readonly Slot[]): JsonText => ({ open: '{', slots })

/** A value as JSON in which every part can be edited. */
export const jsonText = (value: unknown): JsonText =>
  typeof value !== 'object' || value === null
    ? JSON.stringify(value)
    : Array.isArray(value)
      ? list(...value.map(jsonText))
      : record(...Object.entries(value).map(([name, member]) => [name, jsonText(member)] as const))

export const written = (text: JsonText): string => {
  if (typeof text === 'string') return text
  const slots = text.slots.map(([name, inner]) =>
    text.open === '[' ? written(inner) : `${JSON.stringify(name)}:${written(inner)}`,
  )
  return text.open + slots.join(',') + (text.open === '[' ? ']' : '}')
}

/** The number of slots, including the one of the whole value. */
export const slotsIn = (text: JsonText): number =>
  typeof text === 'string' ? 1 : text.slots.reduce((slots, [, inner]) => slots + slotsIn(inner), 1)

/** Edits the n-th slot. 0 is the whole value, of which one slot must remain. */
export const edited = (text: JsonText, nth: number, edit: Edit): JsonText => {
  let left = nth
  const visit = (slot: Slot): readonly Slot[] => {
    const [name, inner] = slot
    if (left-- === 0) return edit(slot)
    if (left < 0 || typeof inner === 'string') return [slot]
    return [[name, { ...inner, slots: inner.slots.flatMap(visit) }]]
  }
  return visit(['', text])[0]?.[1] ?? ''
}
