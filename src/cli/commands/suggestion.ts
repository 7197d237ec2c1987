import { closest, distance } from 'fastest-levenshtein'

/** The letters and digits of a word, in lower case: people mistype the rest. */
const letters = (word: string): string => word.toLowerCase().replace(/[^a-z\d]/g, '')

/** The only known word that starts with a word, or contains it; otherwise undefined. */
const completionOf = (word: string, known: readonly string[]): string | undefined => {
  const [only, ...others] =
    word.length < 2 ? [] : known.filter(candidate => letters(candidate).includes(word))
  return others.length === 0 ? only : undefined
}

/**
 * Names the known word that a mistyped word is closest to; empty if none is close.
 *
 * ```
 * --dedline → ; did you mean --deadline?
 * ```
 */
export const suggestion = (word: string, known: readonly string[]): string => {
  const typed = letters(word)
  const nearest = closest(typed, known.map(letters))
  // People rarely mistype the first letter.
  const isClose =
    nearest[0] === typed[0] && distance(typed, nearest) <= Math.ceil(typed.length * 0.4)
  const meant = isClose
    ? known.find(candidate => letters(candidate) === nearest)
    : completionOf(typed, known)
  return meant === undefined ? '' : `; did you mean ${meant}?`
}
