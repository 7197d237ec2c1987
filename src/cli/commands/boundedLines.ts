/** A line of a text, or its start if it is too long. */
export interface Line {
  /** The line number, from 1. */
  readonly number: number
  readonly text: string
  readonly isTooLong: boolean
}

/** Splits a text that arrives in chunks into lines. */
export interface LineSplitter {
  /** Returns the lines that a chunk completes. */
  readonly split: (piece: string) => readonly Line[]
  /** Returns the last line, if the text does not end with a line break. */
  readonly end: () => readonly Line[]
  /** The number of characters of the unfinished line, including dropped ones. */
  readonly unfinished: () => number
}

/**
 * Splits a text into lines of at most `limit` characters, at LF, CRLF or CR. Of a longer line only the
 * start is kept, so that a text without line breaks needs no memory.
 */
export const boundedLines = (limit: number): LineSplitter => {
  let number = 1
  let kept = ''
  let length = 0
  let endsWithCr = false
  const append = (text: string): void => {
    kept += text.slice(0, limit - kept.length)
    length += text.length
  }
  const take = (): Line => {
    const line = { number, text: kept, isTooLong: length > limit }
    number += 1
    kept = ''
    length = 0
    return line
  }
  return {
    split: piece => {
      if (piece === '') return []
      const parts = (endsWithCr ? piece.replace(/^\n/, '') : piece).split(/\r\n|\r|\n/)
      endsWithCr = piece.endsWith('\r')
      return parts.flatMap((part, index) => {
        append(part)
        return index < parts.length - 1 ? [take()] : []
      })
    },
    end: () => (length === 0 ? [] : [take()]),
    unfinished: () => length,
  }
}
