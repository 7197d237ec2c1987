import { readFileSync } from 'node:fs'

/**
 * Counts, in jest's own report, the rows of the table "Every fault" in docs/testing.md that hold
 * with both fetches. A row that the one names and the other does not is an error.
 */
const fetches = ['by cross-fetch', "by Node's own fetch"]

const [, section = ''] = readFileSync('docs/testing.md', 'utf8').split('\n## Every fault\n')
const [, , ...table] = /^\| fault .*\n(\|.*\n)+/m.exec(section)?.[0].trim().split('\n') ?? []
const named = table.map(line => (line.split('|')[1] ?? '').replaceAll('`', '').trim())

/** @type {{ testResults: { name: string, assertionResults: { ancestorTitles: string[], status: string }[] }[] }} */
const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const tests = report.testResults
  .filter(({ name }) => name.includes('/test/faults/'))
  .flatMap(({ assertionResults }) => assertionResults)
const tested = [...new Set(tests.map(({ ancestorTitles: [row = ''] }) => row))]

/** @param {string} row */
const holds = row =>
  fetches.every(fetch => {
    const laws = tests.filter(({ ancestorTitles: [of, by] }) => of === row && by === fetch)
    return laws.length > 0 && laws.every(({ status }) => status === 'passed')
  })

const held = named.filter(holds)
for (const row of named) if (!tested.includes(row)) console.error(`no test of the row: ${row}`)
for (const row of tested) if (!named.includes(row)) console.error(`no row of the table: ${row}`)
if (held.length < named.length || tested.length !== named.length) process.exitCode = 1
console.log(
  `Node ${process.versions.node}: ${held.length} of ${named.length} rows hold with both fetches (${tests.length} tests)`,
)
