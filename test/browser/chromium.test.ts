import { describe, expect, test } from '@jest/globals'
import type { Machine } from '../installedProgram'
import { findChromium } from './chromium'

/** A machine with these programs, and with `installs` after an installation. */
const machine = (
  programs: readonly string[],
  { chosen, mayInstall = false, installs = [] }: MachineOptions = {},
): { readonly machine: Machine; readonly installations: () => number } => {
  const there = new Set(programs)
  let installations = 0
  return {
    machine: {
      chosen,
      isProgram: path => there.has(path),
      mayInstall,
      install: () => {
        installations += 1
        if (installs === null) return Promise.reject(new Error('no network'))
        for (const program of installs) there.add(program)
        return Promise.resolve()
      },
    },
    installations: () => installations,
  }
}

interface MachineOptions {
  readonly chosen?: string
  readonly mayInstall?: boolean
  /** Null if the installation fails. */
  readonly installs?: readonly string[] | null
}

describe('Chromium', () => {
  test('is the one in CHROMIUM_PATH, if it is set', async () => {
    const { machine: it } = machine(['/usr/bin/chromium', '/opt/chrome'], { chosen: '/opt/chrome' })
    expect(await findChromium(it)).toBe('/opt/chrome')
  })

  test('is not searched elsewhere if CHROMIUM_PATH is wrong', async () => {
    const { machine: it, installations } = machine(['/usr/bin/chromium'], {
      chosen: '/opt/gone',
      mayInstall: true,
    })
    await expect(findChromium(it)).rejects.toThrow(/^CHROMIUM_PATH names no program: \/opt\/gone; /)
    expect(installations()).toBe(0)
  })

  test.each([
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ])('is found at %s, without an installation', async place => {
    const { machine: it, installations } = machine([place], { chosen: '', mayInstall: true })
    expect(await findChromium(it)).toBe(place)
    expect(installations()).toBe(0)
  })

  test('is installed if it is missing and the tests may install it', async () => {
    const installs = ['/usr/bin/chromium']
    const { machine: it, installations } = machine([], { mayInstall: true, installs })
    expect(await findChromium(it)).toBe('/usr/bin/chromium')
    expect(installations()).toBe(1)
  })

  test.each<[string, MachineOptions]>([
    ['it may not be installed', {}],
    ['installing it fails', { mayInstall: true, installs: null }],
    ['the installation adds no program', { mayInstall: true, installs: [] }],
  ])('is requested in an error message if %s', async (_, options) => {
    await expect(findChromium(machine([], options).machine)).rejects.toThrow(
      /install Chromium \(`apt-get install chromium`\), or set CHROMIUM_PATH/,
    )
  })
})
