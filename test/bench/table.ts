import { median } from './statistics'
import { inTurns, type Figures, type Rounds } from './rounds'

const rounded = (value: number): string =>
  Number.isNaN(value)
    ? '-'
    : Math.abs(value) >= 100
      ? value.toFixed(0)
      : value.toPrecision(value === 0 ? 1 : 3)

/** Lines up the cells of rows: the first column to the left, the others to the right. */
export const printRows = (title: string, rows: ReadonlyArray<readonly string[]>): void => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map(row => row[column]?.length ?? 0)),
  )
  const lines = rows.map(row =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   '),
  )
  console.log(`\n${title}\n\n${lines.join('\n')}\n`)
}

/**
 * Prints the median of each figure of each case, and how `ours` compares with the case: the median
 * of the ratios within a round.
 */
export const printTable = (title: string, ours: string, rounds: Rounds): void => {
  const own = rounds.get(ours) ?? []
  const names = Object.keys(own[0] ?? {})
  const ratio = (name: string, row: string): string =>
    rounded(
      median(
        (rounds.get(row) ?? []).map(
          (figures, round) => (own[round]?.[name] ?? NaN) / (figures[name] ?? NaN),
        ),
      ),
    )
  printRows(title, [
    ['', ...names.flatMap(name => [name, 'ours / it'])],
    ...[...rounds].map(([row, all]) => [
      row,
      ...names.flatMap(name => [
        rounded(median(all.map(figures => figures[name] ?? NaN))),
        row === ours ? '' : ratio(name, row),
      ]),
    ]),
  ])
}

/** Measures the cases of several tables in turns, and prints a table of each. */
export const printTables = async (
  count: number,
  ours: string,
  tables: Readonly<Record<string, Readonly<Record<string, () => Promise<Figures>>>>>,
): Promise<void> => {
  const nameOf = (title: string, row: string): string => `${title}: ${row}`
  const rounds = await inTurns(
    count,
    Object.fromEntries(
      Object.entries(tables).flatMap(([title, cases]) =>
        Object.entries(cases).map(([row, measure]) => [nameOf(title, row), measure]),
      ),
    ),
  )
  for (const [title, cases] of Object.entries(tables))
    printTable(
      title,
      ours,
      new Map(Object.keys(cases).map(row => [row, rounds.get(nameOf(title, row)) ?? []])),
    )
}
