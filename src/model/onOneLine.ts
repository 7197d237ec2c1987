/** A stranger's text on one line: line breaks and control characters could forge lines of a log. */
export const onOneLine = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
