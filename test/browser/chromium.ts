import { findProgram, thisMachine, type Machine, type Program } from '../installedProgram'

const chromium: Program = {
  name: 'Chromium',
  variable: 'CHROMIUM_PATH',
  // The paths of Chromium and Chrome on Debian, Ubuntu, Fedora, Alpine and macOS.
  usualPlaces: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/snap/bin/chromium',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  missing: 'the tests in a browser found none',
  advice:
    'install Chromium (`apt-get install chromium`), or set CHROMIUM_PATH to a Chromium or Chrome',
}

/** The path of Chromium. Installs it if necessary. */
export const findChromium = (
  machine: Machine = thisMachine(chromium, 'chromium fonts-liberation'),
): Promise<string> => findProgram(chromium, machine)
