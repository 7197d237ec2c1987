/**
 * Replaces each lone surrogate by U+FFFD, as a UTF-8 decoder does. JSON can contain one, and
 * `encodeURIComponent` throws on it.
 */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\uFFFD')

/** Puts foreign text on one line: line breaks and control characters could forge lines of a log. */
export const onOneLine = (text: string): string =>
  wellFormed(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' '))

/** A copy of a part of a text. V8 keeps a whole text in memory for as long as a part of it is used. */
export const copyOf = (part: string): string => part.split('').join('')

/** The longest foreign sentence, in UTF-16 units. */
const longestSentence = 300

/** A foreign sentence on one line, truncated between two characters. */
export const safeSentence = (text: string): string =>
  copyOf(onOneLine(text.slice(0, longestSentence).replace(/[\uD800-\uDBFF]$/, '')))
