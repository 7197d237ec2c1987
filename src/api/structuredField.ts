/** One member of a header that is a list, as `"default";r=50;t=30` or `limit=100` or `100;w=60`. */
export interface Member {
  /** What stands before the `=` of a dictionary's member; empty in a list. */
  readonly name: string
  /** The value, without the quotation marks of a string. */
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

/** No quota needs more characters. A longer header is not read. */
const longest = 1_024

/** The parts between separators. A separator within quotation marks separates nothing. */
const separated = (text: string, part: RegExp): readonly string[] => text.match(part) ?? []

const unquoted = (text: string): string =>
  /^"(.*)"$/.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? text

/** Splits at the first `=` outside of a string. */
const pairOf = (text: string): readonly [name: string, value: string] => {
  const [, name = '', value = text.trim()] = /^\s*([\w.*-]+)\s*=\s*(.*?)\s*$/.exec(text) ?? []
  return [name.toLowerCase(), unquoted(value)]
}

/**
 * Reads the members of a list or a dictionary, and their parameters. Reads also what the standard
 * does not allow, for instance spaces around `=`: the caller checks the values.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9651
 */
export const membersOf = (field: string | null): readonly Member[] =>
  field === null || field.length > longest
    ? []
    : separated(field, /(?:"(?:[^"\\]|\\.)*"|[^,"])+/g).map(member => {
        const [item = '', ...parameters] = separated(member, /(?:"(?:[^"\\]|\\.)*"|[^;"])+/g)
        const [name, value] = pairOf(item)
        return { name, value, parameters: new Map(parameters.map(pairOf)) }
      })
