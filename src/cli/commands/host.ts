import { basename, isAbsolute, relative } from 'node:path'
import type { Host } from '../host'

/** The name of the program, as messages begin with it. */
export const programName = 'rx-upload-status'

/**
 * What to type to run this program again, in the same folder: every command that it prints begins
 * with it. It depends on how the program was started.
 *
 * ```
 * node_modules/.bin/rx-upload-status, npx  → npx rx-upload-status
 * /usr/bin/rx-upload-status                → rx-upload-status
 * dist/cli/main.js                         → node dist/cli/main.js
 * ```
 */
export const commandPrefix = (script: string, folder: string): string => {
  if (/[\\/]node_modules[\\/]/.test(script)) return `npx ${programName}`
  if (basename(script) === programName) return programName
  const path = relative(folder, script)
  return `node ${quoted(path.startsWith('..') || isAbsolute(path) ? script : path)}`
}

/** {@link commandPrefix} of a process. */
export const commandOf = ({ argv, cwd }: Pick<Host, 'argv' | 'cwd'>): string =>
  commandPrefix(argv[1] ?? '', cwd())

/** An argument as a shell reads it: in quotes where it needs them. */
export const quoted = (text: string): string =>
  /^[\w./:=@~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
