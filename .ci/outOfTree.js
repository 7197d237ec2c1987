import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * Installs packages of npm into a folder of the cache, once, and returns the folder. As dependencies
 * of the project they would cost everybody hundreds of megabytes.
 *
 * @param {string} name the folder
 * @param {Readonly<Record<string, string>>} dependencies exact versions by package
 */
export const installOutOfTree = (name, dependencies) => {
  const folder = resolve('node_modules/.cache', name)
  const wanted = JSON.stringify({ private: true, dependencies })
  const file = `${folder}/package.json`
  const isInstalled =
    existsSync(`${folder}/node_modules/.package-lock.json`) && readFileSync(file, 'utf8') === wanted
  if (isInstalled) return folder
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
    console.error(`npm cannot install the packages of ${name}. Is this machine offline?`)
    process.exit(1)
  }
  return folder
}
