const { TestEnvironment } = require('jest-environment-node')

/** Jest's own environment, where one failure is enough: after it no test of the file is run. */
module.exports = class FailFastEnvironment extends TestEnvironment {
  hasFailed = false

  /** @param {{ name: string; test?: { errors: readonly unknown[]; mode?: string | null } }} event */
  handleTestEvent({ name, test }) {
    if (name === 'test_done' && test?.errors.length) this.hasFailed = true
    if (name === 'test_start' && test && this.hasFailed) test.mode = 'skip'
  }
}
