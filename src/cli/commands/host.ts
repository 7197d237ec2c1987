import { realpathSync } from 'node:fs'
import { basename, isAbsolute, relative } from 'node:path'
import { name } from '../../../package.json'

/** The part of the process that commands use. */
export type Host = Pick<NodeJS.Process, 'argv' | 'cwd' | 'env' | 'stdin' | 'stdout' | 'stderr'>

/** The name of the program, at the start of every message. */
export const programName = name

/**
 * The command that runs this program again in the same folder. Every command that the program
 * prints starts with it.
 *
 * ```
 * node_modules/.bin/rx-upload-status, npx  → npx rx-upload-status
 * /usr/bin/rx-upload-status                → rx-upload-status
 * dist/cli/main.js                         → node dist/cli/main.js
 * ```
 */
export const programCommand = ({ argv, cwd }: Pick<Host, 'argv' | 'cwd'>): string => {
  const script = argv[1] ?? ''
  if (/[\\/]node_modules[\\/]/.test(script)) return `npx ${programName}`
  if (basename(script) === programName) return programName
  const path = relative(cwd(), script)
  return `node ${shellQuote(path.startsWith('..') || isAbsolute(path) ? script : path)}`
}

/**
 * The command that installs packages where this program finds them. From the cache of npx nothing can
 * be added to it, so it is installed as well.
 *
 * ```
 * node_modules/.bin/rx-upload-status  → npm install bullmq
 * npx, without an installation        → npm install rx-upload-status bullmq
 * /usr/bin/rx-upload-status           → npm install --global --prefix /usr bullmq
 * ```
 */
export const installCommand = (
  { argv }: Pick<Host, 'argv'>,
  ...packages: readonly string[]
): string => {
  const script = argv[1] ?? ''
  const isGlobal = !/[\\/]node_modules[\\/]/.test(script) && basename(script) === programName
  const [, prefix] = isGlobal ? (/^(.*)\/lib\/node_modules\//.exec(realpathSync(script)) ?? []) : []
  return [
    'npm install',
    ...(isGlobal ? ['--global'] : []),
    ...(prefix === undefined ? [] : ['--prefix', shellQuote(prefix === '' ? '/' : prefix)]),
    ...(/[\\/]_npx[\\/]/.test(script) ? [programName] : []),
    ...packages,
  ].join(' ')
}

/** Quotes an argument for a POSIX shell, if it needs quotes. */
export const shellQuote = (argument: string): string =>
  /^[\w./:=@~-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`
