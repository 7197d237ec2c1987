/** @jest-config-loader esbuild-register */
import type { Config } from 'jest'

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
  },
  moduleNameMapper: {
    '^#platform$': '<rootDir>/src/platform/node.ts',
    '^rx-upload-status$': '<rootDir>/src/index.ts',
    '^rx-upload-status/sandbox$': '<rootDir>/src/sandbox/index.ts',
  },
  collectCoverageFrom: ['src/**/*.ts'],
  coverageDirectory: 'node_modules/.cache/coverage',
}

export default config
