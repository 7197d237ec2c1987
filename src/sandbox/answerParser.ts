import { members, object } from '../model/checked'

/** Reads one value, or throws an error that names it. */
export type Reader<A> = (value: unknown, name: string) => A

/** Gets the members of one answer, each through its reader. */
interface Get {
  readonly needed: <A>(member: string, reader: Reader<A>) => A
  readonly maybe: <A>(member: string, reader: Reader<A>) => A | undefined
}

/** How an answer of one kind is read: the members it may have, and what is made of them. */
export interface AnswerParser<A> {
  readonly known: readonly string[]
  readonly build: (get: Get) => A
}

/** Reads an answer by its `kind`; `shared` names members that every kind may have. */
export const parseByKind = <A>(
  value: unknown,
  name: string,
  parsers: Readonly<Record<string, AnswerParser<A>>>,
  shared: readonly string[] = [],
): A => {
  const kind = object(value, name).get('kind')
  const parser =
    typeof kind === 'string' && Object.hasOwn(parsers, kind) ? parsers[kind] : undefined
  if (parser === undefined) {
    throw new TypeError(`${name}.kind must be one of ${Object.keys(parsers).join(', ')}`)
  }
  const fields = members(value, name, ['kind', ...parser.known, ...shared])
  const needed = <B>(member: string, reader: Reader<B>): B =>
    reader(fields.get(member), `${name}.${member}`)
  return parser.build({
    needed,
    maybe: (member, reader) => (fields.has(member) ? needed(member, reader) : undefined),
  })
}
