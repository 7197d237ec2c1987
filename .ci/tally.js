import { readFileSync } from 'node:fs'

/**
 * Counts the tests of jest's own report, as the last line of a run. One that did not run fails it; one
 * that passed only when it ran again (`test/secondRun.ts`) is named.
 */
/**
 * @typedef {{ status: string, fullName: string, invocations: number }} Test
 * @type {{ success: boolean, numFailedTests: number, numPassedTests: number, numPendingTests: number,
 *   numTodoTests: number, testResults: { assertionResults: Test[] }[] }}
 */
const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const { numFailedTests, numPassedTests, numPendingTests, numTodoTests, success } = report
const leftOut = numPendingTests + numTodoTests

const again = report.testResults
  .flatMap(file => file.assertionResults)
  .filter(({ status, invocations }) => status === 'passed' && invocations > 1)
for (const { fullName } of again) console.log(`passed on its second run: ${fullName}`)
if (leftOut > 0) console.error(`${leftOut} tests were left out`)
if (!success || leftOut > 0) process.exitCode = 1
console.log(`${numPassedTests} passed, ${numFailedTests} failed`)
