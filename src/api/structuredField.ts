/** One member of a list header, such as `"default";r=50;t=30`, `limit=100` or `100;w=60`. */
export interface Member {
  /** The key of a dictionary member; empty in a list. */
  readonly name: string
  /** The value, without the quotation marks of a string. */
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

/** The most characters of a header. No quota needs more; a longer header is ignored. */
const maxLength = 1_024

/** Splits at separators, except within quotation marks. */
const separated = (text: string, part: RegExp): readonly string[] => text.match(part) ?? []

const unquoted = (text: string): string =>
  /^"(.*)"$/.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? text

/** Splits at the first `=` outside a string. */
const pairOf = (text: string): readonly [name: string, value: string] => {
  const [, name = '', value = text.trim()] = /^\s*([\w.*-]+)\s*=\s*(.*?)\s*$/.exec(text) ?? []
  return [name.toLowerCase(), unquoted(value)]
}

/**
 * Parses the members of a list or a dictionary, with their parameters. Also accepts input that the
 * standard forbids, such as spaces around `=`: the caller checks the values.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9651
 */
export const membersOf = (field: string | null): readonly Member[] =>
  field === null || field.length > maxLength
    ? []
    : separated(field, /(?:"(?:[^"\\]|\\.)*"|[^,"])+/g).map(member => {
        const [item = '', ...parameters] = separated(member, /(?:"(?:[^"\\]|\\.)*"|[^;"])+/g)
        const [name, value] = pairOf(item)
        return { name, value, parameters: new Map(parameters.map(pairOf)) }
      })
