/** @jest-config-loader esbuild-register */
import { availableParallelism } from 'node:os'
import type { Config } from 'jest'

// Far from Greenwich: what holds here holds not only because a machine's zone is UTC.
process.env['TZ'] = 'America/St_Johns'

const nearlyAll = { branches: 95, functions: 99, lines: 99, statements: 99 }

const covered = ['api', 'budget', 'failure', 'http', 'operators', 'runtime', 'view', 'watch']

/** Another version of BullMQ, for `npm run proof:bullmq5`. */
const bullmq = process.env['BULLMQ']

const config: Config = {
  testEnvironment: 'node',
  // Three for two cores: many tests wait for sockets, programs and pages.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // A machine that does other things at the same time is slow, and no test is about that.
  testTimeout: 20_000,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/leaks/leaks.ts', '<rootDir>/test/secondRun.ts'],
  // string-width and its dependencies are ES modules; jest loads CommonJS.
  transformIgnorePatterns: [
    '/node_modules/(?!(ansi-regex|get-east-asian-width|string-width|strip-ansi)/)',
  ],
  transform: {
    '^.+/node_modules/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' } }],
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
  },
  moduleNameMapper: {
    '^#platform$': '<rootDir>/src/platform/node.ts',
    '^rx-upload-status$': '<rootDir>/src/index.ts',
    '^rx-upload-status/(bullmq|opentelemetry|react|relay|relay/client|sandbox|testing|vue|webhook)$':
      '<rootDir>/src/$1/index.ts',
    ...(bullmq === undefined ? {} : { '^bullmq$': bullmq }),
  },
  collectCoverageFrom: covered.map(folder => `src/${folder}/**/*.ts`),
  coverageDirectory: 'node_modules/.cache/coverage',
  // Looked at with `--coverage` alone, so that a single file can be run by itself.
  coverageThreshold: {
    global: {},
    ...Object.fromEntries(covered.map(folder => [`./src/${folder}/`, nearlyAll])),
  },
}

export default config
