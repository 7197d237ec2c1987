import { statSync } from 'node:fs'
import { basename } from 'node:path'
import TestRunner from 'jest-runner'

/**
 * Jest's own runner, where one failure is enough: the test file that is named for the mutated one
 * goes first, then the smaller before the larger, and after a failure no other is loaded.
 */
export default class FailFastRunner extends TestRunner {
  /**
   * @override
   * @type {TestRunner['runTests']}
   */
  runTests(tests, watcher, options) {
    const [mutated = ''] = this._globalConfig.nonFlagArgs
    const namesake = `${basename(mutated, '.ts')}.test.ts`
    /** @param {{ readonly path: string }} test */
    const rank = ({ path }) => (basename(path) === namesake ? 0 : statSync(path).size)
    this.on('test-file-success', ([, { numFailingTests }]) => {
      if (numFailingTests > 0) void watcher.setState({ interrupted: true })
    })
    return super.runTests(
      [...tests].sort((one, other) => rank(one) - rank(other)),
      watcher,
      options,
    )
  }
}
