import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * Prints the folder that holds the hosts other than Node, each a package of npm. They stay in a cache:
 * as dependencies of the project they would be half a gigabyte for everybody.
 */
const folder = resolve('node_modules/.cache/hosts')

const dependencies = {
  '@edge-runtime/vm': '5.0.0',
  '@react-native/babel-preset': '0.82.1',
  '@react-native/metro-babel-transformer': '0.82.1',
  'abort-controller': '3.0.0',
  bun: '1.4.5',
  deno: '2.9.6',
  'hermes-engine-cli': '0.12.0',
  'jest-environment-jsdom': '30.5.2',
  metro: '0.83.8',
  vitest: '3.2.7',
  'whatwg-fetch': '3.6.20',
  workerd: '1.20261117.1',
}

const wanted = JSON.stringify({ private: true, dependencies })
const file = `${folder}/package.json`
const isThere =
  existsSync(`${folder}/node_modules/.package-lock.json`) && readFileSync(file, 'utf8') === wanted

if (!isThere) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, wanted)
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--no-save', '--loglevel=error']
  try {
    execFileSync('npm', ['install', ...flags], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 300_000,
    })
  } catch {
    console.error('The hosts cannot be had from npm: is this offline?')
    process.exit(1)
  }
}

console.log(folder)
