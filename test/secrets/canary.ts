import { inspect } from 'node:util'

/**
 * Keys that the tests search for. One is a usual key. The other has characters that URLs, JSON and
 * shells escape. Both are valid in a header.
 */
export const canaries = ['sk_live_Zwitscher4711Piep', '12|Zwitscher4711Piep"\\/+=%&\'<>'] as const

/** Parts of the keys that any encoding that keeps letters also keeps. */
const trace = /zwitscher|4711piep/i

const written = (write: () => unknown): string => {
  try {
    return String(write())
  } catch {
    // A value that cannot be written in this way reveals nothing in it.
    return ''
  }
}

/** The readable text of a value, by the ways in which logs and debuggers read it. */
const writings: { readonly [way: string]: (thing: unknown) => unknown } = {
  text: String,
  JSON: thing => JSON.stringify(thing),
  inspect: thing => inspect(thing, { depth: null, showHidden: true, maxStringLength: null }),
  stack: thing => (thing instanceof Error ? thing.stack : ''),
}

/** The ways in which a canary can be read in a value; an empty list if it is secret. */
export const sightings = (thing: unknown): readonly string[] =>
  Object.entries(writings).flatMap(([way, write]) =>
    trace.test(written(() => write(thing))) ? [way] : [],
  )
