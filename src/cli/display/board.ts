import type { Summary } from '../../pipeline/summarize'
import { overallLine } from '../overallLine'
import type { Paint } from './terminal'
import type { Row } from './row'
import { layoutOf, rowLine } from './lines'
import type { Size } from '../screen'

/**
 * The live board: a line for each upload and one for all of them together. Where they are more than
 * the terminal has room for, it shows those that deserve attention.
 */
export const boardLines = (
  rows: readonly Row[],
  summary: Summary,
  now: number,
  size: Size,
  paint: Paint,
): readonly string[] => {
  // One line is left to the cursor, one belongs to the whole.
  const room = Math.max(0, size.rows - 2)
  const shown = rows.length > room ? mostInteresting(rows, room - 1) : rows
  const layout = layoutOf(longestName(shown), size.columns, paint)
  return [
    ...shown.map(row => rowLine(row, now, layout)),
    ...(room > 0 && shown.length < rows.length
      ? [`… and ${String(rows.length - shown.length)} more`.slice(0, size.columns)]
      : []),
    overallLine(rows, summary, now, size.columns, paint),
  ]
}

/**
 * What stays on the terminal after the end: the board, and above it every upload that was not
 * completed, with its whole name and reason, unless the board says both.
 */
export const finalLines = (
  rows: readonly Row[],
  summary: Summary,
  now: number,
  size: Size,
  paint: Paint,
): readonly string[] => {
  const board = boardLines(rows, summary, now, size, paint)
  const reasons = rows.flatMap(({ name, state, activity }) => {
    if (state === 'completed' || activity.kind !== 'settled') return []
    const { result } = activity
    const isSaid = board.some(line => line.includes(name) && line.includes(result))
    return isSaid ? [] : [`${name}: ${result}`]
  })
  return [...reasons, ...board]
}

/** Trouble first, then what goes on; what is completed last. */
const interestIn = ({ state, activity }: Row): number => {
  if (activity.kind === 'retrying') return 2
  switch (state) {
    case 'unlearned':
      return 0
    case 'failed':
      return 1
    case 'processing':
      return 3
    case 'pending':
      return 4
    case 'waiting':
      return 5
    case 'completed':
      return 6
  }
}

/**
 * Chosen by interest, but left in their order: lines that jump about cannot be read. There may be
 * ten thousand, ten times a second: they are not sorted.
 */
const mostInteresting = (rows: readonly Row[], most: number): readonly Row[] => {
  const byInterest: Row[][] = []
  for (const row of rows) (byInterest[interestIn(row)] ??= []).push(row)
  const chosen = new Set(byInterest.flat().slice(0, Math.max(0, most)))
  return rows.filter(row => chosen.has(row))
}

const longestName = (rows: readonly Row[]): number =>
  rows.reduce((most, { name }) => Math.max(most, name.length), 0)
