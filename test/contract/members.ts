/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>

/** The path from a value to one inside it. */
export type Path = readonly string[]

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null

/** The paths to all members of objects inside a value, also inside arrays. */
export const memberPaths = (value: unknown): readonly Path[] =>
  isMembers(value)
    ? Object.entries(value).flatMap(([key, member]) => [
        ...(Array.isArray(value) ? [] : [[key]]),
        ...memberPaths(member).map(path => [key, ...path]),
      ])
    : []

/** The value at the end of a path. */
export const memberAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (isMembers(inner) ? inner[key] : undefined), value)

const edited = (
  value: Members,
  path: Path,
  edit: (holder: Record<string, unknown>, key: string) => void,
): Members => {
  const copy = structuredClone(value)
  const holder = memberAt(copy, path.slice(0, -1))
  const key = path.at(-1)
  if (!isMembers(holder) || key === undefined || !(key in holder)) {
    throw new Error(`no member ${path.join('.')}`)
  }
  edit(holder, key)
  return copy
}

/** A copy with another value at the end of a path. */
export const withMember = (value: Members, path: Path, member: unknown): Members =>
  edited(value, path, (holder, key) => {
    holder[key] = member
  })

/** A copy without the member at the end of a path. */
export const withoutMember = (value: Members, path: Path): Members =>
  edited(value, path, (holder, key) => {
    Reflect.deleteProperty(holder, key)
  })
