import { tmpdir } from 'node:os'
import { join } from 'node:path'

const cache = 'node_modules/.cache/mutation'

/** Which changes to the core would no test notice? */
export default {
  mutate: ['src/{api,budget,failure,http,operators,runtime,view,watch}/**/*.ts'],
  packageManager: 'npm',
  plugins: ['@stryker-mutator/jest-runner'],
  testRunner: 'jest',
  jest: {
    configFile: 'jest.config.ts',
    config: {
      // All of `src`, or tests that reach a file through another folder are not found for it.
      roots: ['<rootDir>/src', '<rootDir>/test'],
      runner: '<rootDir>/.ci/mutation/runner.js',
      testEnvironment: './.ci/mutation/environment.cjs',
      testMatch: [
        '<rootDir>/test/{api,budget,failure,http,operators,runtime,view,watch,contract}/**/*.test.ts',
        '<rootDir>/test/{client,options,uploadStatuses}.test.ts',
        '<rootDir>/test/sandbox/{options,scenario/scenario}.test.ts',
      ],
    },
  },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // Generous: on a busy machine a slow test is not to pass for a loop without end.
  timeoutMS: 30_000,
  timeoutFactor: 1.5,
  thresholds: { high: 95, low: 90, break: 90 },
  reporters: ['clear-text', 'html', 'json', 'progress-append-only'],
  clearTextReporter: { logTests: false, reportTests: false },
  htmlReporter: { fileName: `${cache}/report.html` },
  jsonReporter: { fileName: `${cache}/report.json` },
  incremental: true,
  incrementalFile: `${cache}/incremental.json`,
  // Not in the cache too: of what lies under `node_modules`, jest takes nothing for a test.
  tempDirName: join(tmpdir(), 'mutation'),
  allowEmpty: false,
  disableTypeChecks: false,
}
