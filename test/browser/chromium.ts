import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { promisify } from 'node:util'

/** What decides where Chromium comes from. */
export interface Machine {
  /** What `CHROMIUM_PATH` says, or undefined. */
  readonly chosen: string | undefined
  readonly isProgram: (path: string) => boolean
  /** Whether packages can be installed without asking anybody: as root, by apt-get. */
  readonly mayInstall: boolean
  readonly install: () => Promise<void>
}

/** Where Debian, Ubuntu, Fedora, Alpine and macOS put Chromium and Chrome. */
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const advice =
  'install Chromium (`apt-get install chromium`), or set CHROMIUM_PATH to a Chromium or Chrome'

/**
 * The program of Chromium: the one that was chosen, one at the usual places, or one that is
 * installed now. Rejects with a sentence that says what to do; it never settles for none.
 */
export const findChromium = async (machine: Machine): Promise<string> => {
  const { chosen, isProgram, mayInstall, install } = machine
  if (chosen !== undefined && chosen !== '') {
    if (isProgram(chosen)) return chosen
    throw new Error(`CHROMIUM_PATH names no program: ${chosen}; ${advice}`)
  }
  const find = (): string | undefined => usualPlaces.find(isProgram)
  const there = find()
  if (there !== undefined) return there
  if (!mayInstall) throw new Error(`the tests in a browser found none: ${advice}`)
  try {
    await install()
  } catch (cause) {
    throw new Error(`Chromium could not be installed by apt-get: ${advice}`, { cause })
  }
  const installed = find()
  if (installed !== undefined) return installed
  throw new Error(`apt-get installed no Chromium at a usual place: ${advice}`)
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// Jest runs files at once, and apt-get refuses to run twice: who comes second waits, and finds it.
const underLock = `
  test -x /usr/bin/chromium && exit
  apt-get update -qq
  exec apt-get install -qq -y --no-install-recommends chromium fonts-liberation
`

const install = async (): Promise<void> => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const lock = '/tmp/rx-upload-status-chromium.lock'
  await promisify(execFile)('flock', [lock, 'sh', '-c', underLock], { env })
}

/** This machine. */
export const thisMachine: Machine = {
  chosen: process.env['CHROMIUM_PATH'],
  isProgram,
  mayInstall: process.getuid?.() === 0 && isProgram('/usr/bin/apt-get'),
  install,
}
