/**
 * A text without half surrogate pairs, each replaced by U+FFFD as a UTF-8 decoder does. JSON can
 * spell half a pair, and `encodeURIComponent` throws at it.
 */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\uFFFD')

/** A text from elsewhere on one line: line breaks and control characters could forge lines of a log. */
export const onOneLine = (text: string): string =>
  wellFormed(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' '))

/** UTF-16 units of a sentence from elsewhere. */
const longestSentence = 300

/** A sentence from elsewhere, on one line. It is truncated between two characters. */
export const safeSentence = (text: string): string =>
  onOneLine(text.slice(0, longestSentence).replace(/[\uD800-\uDBFF]$/, ''))
