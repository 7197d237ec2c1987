import { execFileSync, spawnSync } from 'node:child_process'

/**
 * Runs the tests of faults on every Node that is supported, or, with `others`, on all but the one
 * that runs this, where they are among all tests.
 */
const majors = ['20', '22', '24'].filter(
  major => process.argv[2] !== 'others' || !process.versions.node.startsWith(`${major}.`),
)

/** @type {(node: string, args: string[], stdout: 'inherit' | 'ignore') => boolean} */
const run = (node, args, stdout) =>
  spawnSync(node, args, { stdio: ['ignore', stdout, 'inherit'] }).status === 0

/** @param {string} node */
const isGood = node => {
  const report = 'node_modules/.cache/faults.json'
  const jest = ['node_modules/jest/bin/jest.js', 'test/faults', '--ci', '--json']
  const passed = run(node, [...jest, `--outputFile=${report}`], 'ignore')
  return run(node, ['.ci/rows.js', report], 'inherit') && passed
}

const nodes = execFileSync(process.execPath, ['.ci/nodes.js', ...majors], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
})
const verdicts = nodes.trim().split('\n').map(isGood)
if (verdicts.includes(false)) process.exitCode = 1
