import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * Prints where there is a Node of each major that is named, a line each: the one that runs this, or
 * one that comes from npm and stays in a cache.
 */
const folder = resolve('node_modules/.cache/nodes')
const kind = `${process.platform}-${process.arch}`

/** @param {string} major */
const nodeOf = major =>
  process.versions.node.startsWith(`${major}.`)
    ? process.execPath
    : resolve(folder, `node_modules/node${major}/bin/node`)

const majors = process.argv.slice(2)
const missing = majors.filter(major => !existsSync(nodeOf(major)))

if (missing.length > 0) {
  mkdirSync(folder, { recursive: true })
  const manifest = `${folder}/package.json`
  // It lists those that are there: npm removes what it does not list.
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }')
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  const packages = missing.map(major => `node${major}@npm:node-${kind}@${major}`)
  try {
    execFileSync('npm', ['install', ...flags, ...packages], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 300_000,
    })
  } catch {
    console.error(
      `Node ${missing.join(' and ')} for ${kind} could not be installed from npm: is this offline?`,
    )
    process.exit(1)
  }
}

for (const major of majors) console.log(nodeOf(major))
