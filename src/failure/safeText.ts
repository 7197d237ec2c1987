/**
 * Replaces each lone surrogate with U+FFFD, as UTF-8 decoders do. JSON can contain one, and
 * `encodeURIComponent` throws on it.
 */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\uFFFD')

/** Puts foreign text on one line, because line breaks and control characters could forge log lines. */
export const onOneLine = (text: string): string =>
  wellFormed(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' '))

/** Copies a substring. V8 keeps the whole string in memory for as long as a substring of it is used. */
export const copyOf = (part: string): string => part.split('').join('')

/** The maximum length of a foreign sentence, in UTF-16 units. */
const maxSentence = 300

/** Truncates a foreign sentence between two characters and puts it on one line. */
export const safeSentence = (text: string): string =>
  copyOf(onOneLine(text.slice(0, maxSentence).replace(/[\uD800-\uDBFF]$/, '')))
