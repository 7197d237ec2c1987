import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'

/** How the value of a flag is written. */
export interface Notation<A> {
  /** What completes the sentence "--flag must be". */
  readonly form: string
  /** Null where the text has another form. */
  readonly read: (text: string) => A | null
}

/**
 * Reads the value of a flag; one that was not given is `absent`. The error does not repeat the
 * text: it might be a secret that strayed.
 */
export const readFlag = <A, B>(
  flag: string,
  text: string | undefined,
  { form, read }: Notation<A>,
  absent: B,
): Either<string, A | B> => {
  if (text === undefined) return E.right(absent)
  const value = read(text)
  return value === null ? E.left(`${flag} must be ${form}`) : E.right(value)
}
