/** What the head of one part of a form says. */
export interface PartHead {
  readonly name: string
  /** Null where the part is a text field. */
  readonly fileName: string | null
}

/** Reads the head of a part; null where it gives no name. */
export const partHead = (head: string): PartHead | null => {
  const disposition = head
    .split('\r\n')
    .find(line => /^content-disposition\s*:\s*form-data\s*;/i.test(line))
  const name = parameter(disposition ?? '', 'name')
  return name === null ? null : { name, fileName: parameter(disposition ?? '', 'filename') }
}

const parameter = (line: string, name: string): string | null => {
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i').exec(line)
  const [, quoted, bare] = found ?? []
  return quoted === undefined ? (bare ?? null) : unescaped(quoted)
}

// Browsers write %22 for a quote (WHATWG), curl writes \".
const unescaped = (value: string): string => value.replace(/\\(["\\])/g, '$1').replace(/%22/g, '"')
