import { existsSync, realpathSync } from 'node:fs'
import { posix, win32 } from 'node:path'
import { name } from '../../../package.json'
import { installationOf, type Installation } from './installation'

/** The part of the process that commands use. */
export type Host = Pick<NodeJS.Process, 'argv' | 'cwd' | 'env' | 'stdin' | 'stdout' | 'stderr'>

/** The name of the program, at the start of every message. */
export const programName = name

const realPathOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

const installation = ({ argv: [, path = ''] }: Pick<Host, 'argv'>): Installation =>
  installationOf({ path, realPath: realPathOf(path), exists: existsSync })

/**
 * The command that runs this program again in the same folder. Every command that the program
 * prints starts with it.
 */
export const programCommand = (host: Pick<Host, 'argv' | 'cwd'>): string =>
  installation(host).start ?? `node ${shownScript(host.argv[1] ?? '', host.cwd())}`

/** The path of a script, from a folder if it is below that. */
export const shownScript = (script: string, folder: string): string => {
  const isWindows = /^[a-z]:\\/i.test(script)
  const paths = isWindows ? win32 : posix
  const path = paths.relative(folder, script)
  return shellQuote(path.startsWith('..') || paths.isAbsolute(path) ? script : path, isWindows)
}

/** The command that installs packages where this program finds them. */
export const installCommand = (
  host: Pick<Host, 'argv'>,
  ...packages: readonly string[]
): string => {
  const { add, prefix } = installation(host)
  return [add, ...(prefix === null ? [] : ['--prefix', shellQuote(prefix)]), ...packages].join(' ')
}

/** Quotes an argument, if it needs quotes, for a POSIX shell, or for those of Windows. */
export const shellQuote = (argument: string, isWindows = process.platform === 'win32'): string => {
  if (isWindows) return /^[\w./\\:=@~-]+$/.test(argument) ? argument : `"${argument}"`
  return /^[\w./:=@~-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`
}
