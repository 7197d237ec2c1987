import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { promisify } from 'node:util'

/** A program that tests need, and where it may be. */
export interface Program {
  readonly name: string
  /** The environment variable that names it. */
  readonly variable: string
  readonly usualPlaces: readonly string[]
  /** Why the tests stop without it. */
  readonly missing: string
  /** What to do about that. */
  readonly advice: string
}

/** What decides where a program comes from. */
export interface Machine {
  /** What the variable of the program says, or undefined. */
  readonly chosen: string | undefined
  readonly isProgram: (path: string) => boolean
  /** Whether packages can be installed without a question: as root, by apt-get. */
  readonly mayInstall: boolean
  readonly install: () => Promise<void>
}

/** Milliseconds that the first test of a machine may take, which installs the program. */
export const installTime = 300_000

/**
 * The path of a program: the one that was chosen, one at the usual places, or one that is installed
 * now. Rejects with a sentence that says what to do; the tests are never skipped.
 */
export const findProgram = async (
  { name, variable, usualPlaces, missing, advice }: Program,
  { chosen, isProgram, mayInstall, install }: Machine,
): Promise<string> => {
  if (chosen !== undefined && chosen !== '') {
    if (isProgram(chosen)) return chosen
    throw new Error(`${variable} names no program: ${chosen}; ${advice}`)
  }
  const there = usualPlaces.find(isProgram)
  if (there !== undefined) return there
  if (!mayInstall) throw new Error(`${missing}: ${advice}`)
  try {
    await install()
  } catch (cause) {
    throw new Error(`${name} could not be installed by apt-get: ${advice}`, { cause })
  }
  const installed = usualPlaces.find(isProgram)
  if (installed !== undefined) return installed
  throw new Error(`apt-get installed no ${name} at a usual place: ${advice}`)
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * This machine. Jest runs files side by side, and apt-get refuses to run twice: one lock for all
 * programs lets the second wait. No service starts after an installation.
 *
 * @param packages the packages of Debian that have the program
 */
export const thisMachine = (
  { variable, usualPlaces: [place = ''] }: Program,
  packages: string,
): Machine => ({
  chosen: process.env[variable],
  isProgram,
  mayInstall: process.getuid?.() === 0 && isProgram('/usr/bin/apt-get'),
  install: async () => {
    const script = `
      test -x ${place} && exit
      apt-get update -qq
      RUNLEVEL=1 exec apt-get install -qq -y --no-install-recommends ${packages}
    `
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await promisify(execFile)('flock', ['/tmp/rx-upload-status-apt.lock', 'sh', '-c', script], {
      env,
    })
  },
})
