/**
 * JSON as it is written, not as it is read: a member may stand there twice, a number may be too
 * large. What is not nested is its own text.
 */
export type JsonText = string | Nest

interface Nest {
  readonly open: '[' | '{'
  readonly slots: readonly Slot[]
}

/** A member, or an item of a list, whose name does not count. */
export type Slot = readonly [name: string, text: JsonText]

/** A change of one slot. */
export type Edit = (slot: Slot) => readonly Slot[]

export const list = (...items: readonly JsonText[]): JsonText => ({
  open: '[',
  slots: items.map(item => ['', item]),
})

export const record = (...slots: readonly Slot[]): JsonText => ({ open: '{', slots })

/** A value as JSON, of which every part can be edited. */
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

/** How many slots there are, that of the whole included. */
export const slotsIn = (text: JsonText): number =>
  typeof text === 'string' ? 1 : text.slots.reduce((slots, [, inner]) => slots + slotsIn(inner), 1)

/** Edits the slot with that number; 0 is that of the whole, of which one must be left. */
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
