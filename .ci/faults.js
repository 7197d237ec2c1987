import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs the tests of faults on every Node that is supported, or on those that are named: `24`.
 */
const named = process.argv.slice(2)
const majors = named.length === 0 ? ['20', '22', '24'] : named

/** @type {(node: string, args: string[], stdout: 'inherit' | 'ignore') => Promise<boolean>} */
const run = async (node, args, stdout) => {
  const [code] = await once(spawn(node, args, { stdio: ['ignore', stdout, 'inherit'] }), 'close')
  return code === 0
}

/** @type {(node: string, nth: number) => Promise<boolean>} */
const isGood = async (node, nth) => {
  const report = `node_modules/.cache/faults-${String(nth)}.json`
  const jest = ['node_modules/jest/bin/jest.js', 'test/faults', '--ci', '--json']
  const passed = await run(node, [...jest, `--outputFile=${report}`], 'ignore')
  return (await run(node, ['.ci/rows.js', report], 'inherit')) && passed
}

const nodes = execFileSync(process.execPath, ['.ci/nodes.js', ...majors], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
})
const verdicts = await Promise.all(nodes.trim().split('\n').map(isGood))
if (verdicts.includes(false)) process.exitCode = 1
