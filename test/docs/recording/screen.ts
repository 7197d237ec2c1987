/** The SGR codes of the program, and their styles. */
const styles: Readonly<Record<string, string>> = {
  '2': 'dim',
  '31': 'red',
  '32': 'green',
  '33': 'yellow',
  '36': 'cyan',
}

/** Characters in a row that share a style. */
export interface Run {
  readonly column: number
  readonly text: string
  /** Empty: the default colour. */
  readonly style: string
}

interface Cell {
  readonly character: string
  readonly style: string
}

/** The screen of a terminal: runs of text by line. */
export type Lines = readonly (readonly Run[])[]

const runsOf = (cells: readonly (Cell | undefined)[]): readonly Run[] => {
  const runs: { column: number; text: string; style: string }[] = []
  Array.from(cells).forEach((cell, column) => {
    const { character, style } = cell ?? { character: ' ', style: '' }
    const last = runs.at(-1)
    if (last?.style === style) last.text += character
    else runs.push({ column, text: character, style })
  })
  return runs
    .map(({ column, text, style }) => ({
      column: column + text.search(/\S|$/),
      text: text.trim(),
      style,
    }))
    .filter(({ text }) => text !== '')
}

/**
 * A terminal that never scrolls. It supports what the board uses: colours, cursor moves, erasing. It
 * throws for anything else.
 */
export const createScreen = (): {
  readonly write: (text: string) => void
  readonly lines: () => Lines
} => {
  const rows: ((Cell | undefined)[] | undefined)[] = []
  let [row, column, style] = [0, 0, '']
  const current = (): (Cell | undefined)[] => (rows[row] ??= [])
  const print = (character: string): void => {
    current()[column++] = { character, style }
  }
  const controls: Readonly<Record<string, (parameter: string) => void>> = {
    A: count => (row = Math.max(0, row - Number(count || 1))),
    B: count => (row += Number(count || 1)),
    G: to => (column = Number(to || 1) - 1),
    J: () => (rows.length = row + (column === 0 ? 0 : 1)),
    K: part => (current().length = part === '2' ? 0 : Math.min(column, current().length)),
    h: () => undefined,
    l: () => undefined,
    m: code => (style = styles[code] ?? ''),
  }
  return {
    write: text => {
      for (const [piece, parameter = '', name] of text.matchAll(/\u001B\[\??(\d*)(\w)|[^]/gu)) {
        const control = name === undefined ? undefined : controls[name]
        if (control !== undefined) control(parameter)
        else if (piece === '\r') column = 0
        else if (piece === '\n') row += 1
        else if (/[\p{Cc}]|../u.test(piece)) throw new Error(`unknown: ${JSON.stringify(piece)}`)
        else print(piece)
      }
    },
    lines: () => Array.from(rows, cells => runsOf(cells ?? [])),
  }
}
