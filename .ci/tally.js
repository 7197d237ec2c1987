import { readFileSync } from 'node:fs'

/** Counts the tests of jest's own report, as the last line of a run. One that did not run fails it. */
const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const { numFailedTests, numPassedTests, numPendingTests, numTodoTests, success } = report
const leftOut = numPendingTests + numTodoTests

if (leftOut > 0) console.error(`${leftOut} tests were left out`)
if (!success || leftOut > 0) process.exitCode = 1
console.log(`${numPassedTests} passed, ${numFailedTests} failed`)
