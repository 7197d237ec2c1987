import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import type { TerminalSize } from './terminal'

/*
 * Not the package cli-truncate: if a wide character (CJK, emoji) reaches over the limit, it keeps the
 * character and exceeds the limit by a column, so that the line wraps. And its `middle` gives the
 * start of a text as much space as the end.
 */

const segmenter = new Intl.Segmenter()

const graphemes = (text: string): readonly string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment)

/** The first characters, as many as fit in `width` terminal columns. */
const takeWidth = (characters: readonly string[], width: number): readonly string[] => {
  let used = 0
  const end = characters.findIndex(character => (used += stringWidth(character)) > width)
  return end === -1 ? characters : characters.slice(0, end)
}

/** The start of a text, at most `width` terminal columns wide; `…` marks what was cut off. */
export const truncate = (text: string, width: number): string => {
  if (stringWidth(text) <= width) return text
  return width < 1 ? '' : `${takeWidth(graphemes(text), width - 1).join('')}…`
}

/**
 * The start and the end of a text, at most `width` terminal columns wide, with `…` between them. The
 * end gets two thirds of the space: upload ids start alike and differ at the end.
 */
export const truncateMiddle = (text: string, width: number): string => {
  if (stringWidth(text) <= width || width < 3) return truncate(text, width)
  const characters = graphemes(text)
  const startWidth = Math.floor((width - 1) / 3)
  const start = takeWidth(characters, startWidth)
  const end = takeWidth(characters.toReversed(), width - 1 - startWidth).toReversed()
  return [...start, '…', ...end].join('')
}

/** Fills a text up with spaces to `width` terminal columns. */
export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - stringWidth(text)))

/**
 * Makes text from a server safe to print: one line of at most `width` terminal columns, without
 * escape sequences, control characters and format characters (some reverse the text direction).
 */
export const sanitize = (text: string, width = 300): string =>
  truncate(
    stripVTControlCharacters(text.slice(0, 4 * width))
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .replace(/\p{Cf}/gu, '')
      .trim(),
    width,
  )

/** How many rows a line takes on a terminal of so many columns. */
const rowsOf = (line: string, columns: number): number =>
  Math.max(1, Math.ceil(stringWidth(line) / columns))

/** How many rows lines take on a terminal of so many columns, which may be fewer than they fit in. */
export const wrappedHeight = (lines: readonly string[], columns: number): number =>
  lines.reduce((height, line) => height + rowsOf(line, columns), 0)

/**
 * The part of lines that a terminal has scrolled out of its screen, if its cursor is on the row below
 * them. The last of these lines may be a part of one.
 */
export const linesAboveScreen = (
  lines: readonly string[],
  { columns, rows }: TerminalSize,
): readonly string[] => {
  let above = wrappedHeight(lines, columns) - (rows - 1)
  return lines.flatMap(line => {
    if (above <= 0) return []
    const width = above * columns
    above -= rowsOf(line, columns)
    return takeWidth(graphemes(stripVTControlCharacters(line)), width).join('')
  })
}
