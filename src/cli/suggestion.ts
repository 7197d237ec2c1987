import { closest, distance } from 'fastest-levenshtein'

/** The end of a sentence that names what a mistyped word means; empty where nothing is near. */
export const suggestion = (word: string, known: readonly string[]): string => {
  const nearest = closest(word, known)
  const most = Math.ceil(word.replace(/^-+/, '').length * 0.4)
  return distance(word, nearest) <= most ? `; did you mean ${nearest}?` : ''
}
