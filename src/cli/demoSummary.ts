import { demoUploads } from './commands/demoUploads'
import { formatDuration } from './display/format'
import { ageOf, type Row } from './display/row'

/** What happened in the demo, in plain words. */
export const demoSummary = (rows: readonly Row[], now: number, command: string): string => {
  const sum = (count: (row: Row) => number): string =>
    String(rows.reduce((total, row) => total + count(row), 0))
  return [
    '',
    'What happened:',
    '',
    ...rows.map(row => `${endOf(row, now)}\n    ${storyOf(row)}`),
    '',
    `Requests: ${String(rows.length)} to start the uploads, ` +
      `${sum(row => row.attempts)} to watch them, ${sum(row => row.retries)} of these retries.`,
    rows.some(({ state }) => state === 'unlearned')
      ? 'Not every end was learned. That was not part of the demo.'
      : 'No upload was lost, and each watch ended with the answer.',
    '',
    'Next, run this and paste the lines that it prints:',
    '',
    `  ${command} sandbox`,
    '',
  ].join('\n')
}

const endOf = (row: Row, now: number): string => {
  const { name, state, attempts, retries } = row
  const age = formatDuration(ageOf(row, now))
  const repeated = retries === 1 ? 'a retry' : 'retries'
  return (
    `  ${name}: ${state} after ${age} and ${String(attempts)} requests` +
    (retries === 0 ? '.' : `, ${String(retries)} of them ${repeated}.`)
  )
}

const storyOf = (row: Row): string =>
  demoUploads.find(({ fileName }) => fileName === row.name)?.story ?? ''
