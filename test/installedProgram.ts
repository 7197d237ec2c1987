import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { promisify } from 'node:util'

/** A program that tests need, and its possible paths. */
export interface Program {
  readonly name: string
  /** The environment variable with its path. */
  readonly variable: string
  readonly usualPlaces: readonly string[]
  /** Why the tests stop without it. */
  readonly missing: string
  /** How to fix that. */
  readonly advice: string
}

/** The parts of the machine that decide which program is used. */
export interface Machine {
  /** The value of the environment variable, or undefined. */
  readonly chosen: string | undefined
  readonly isProgram: (path: string) => boolean
  /** Whether packages can be installed without a question: as root, by apt-get. */
  readonly mayInstall: boolean
  readonly install: () => Promise<void>
}

/** Milliseconds for the first test on a machine, which installs the program. */
export const installTime = 300_000

/**
 * The path of a program: the chosen one, one at a usual path, or one that is installed now. Otherwise
 * rejects with what to do, so that tests are never skipped.
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
 * This machine. Jest runs files in parallel, and apt-get fails if it runs twice, so one lock for all
 * programs makes the second one wait. No service starts after an installation.
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
