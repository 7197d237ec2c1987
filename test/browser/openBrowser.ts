import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type CDPSession,
} from 'playwright-core'
import { findChromium } from './chromium'

/** A browser for the tests of a file. */
export interface OpenBrowser {
  /** Opens an isolated window. */
  readonly window: (options?: BrowserContextOptions) => Promise<BrowserContext>
  /** A normal window: a tab that another one covers is hidden. */
  readonly realWindow: () => BrowserContext
  /** A DevTools session with the whole browser. */
  readonly session: () => Promise<CDPSession>
}

/** Milliseconds, enough to download and install Chromium. */
const patience = 300_000

const flags = [
  '--headless',
  '--remote-debugging-port=0',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
  // Chromium's own sandbox does not work for root and in most containers.
  ...(process.getuid?.() === 0 || process.env['CI'] !== undefined ? ['--no-sandbox'] : []),
]

/**
 * Opens Chromium before the tests of a file and closes it after them. It does not use playwright's
 * `launch`, because that makes every page always visible.
 *
 * @param more flags of the command line
 */
export const openBrowser = (more: readonly string[] = []): OpenBrowser => {
  let profile = ''
  let program: ChildProcess | undefined
  let browser: Browser | undefined

  beforeAll(async () => {
    const path = await findChromium()
    profile = await mkdtemp(join(tmpdir(), 'chromium-'))
    program = spawn(path, [...flags, ...more, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    browser = await chromium.connectOverCDP(await addressOf(program), { noDefaults: true })
  }, patience)

  afterAll(async () => {
    await browser?.close()
    if (program?.exitCode === null && program.kill()) await once(program, 'exit')
    await rm(profile, { recursive: true, force: true, maxRetries: 10 })
  })

  const opened = (): Browser => {
    if (browser === undefined) throw new Error('the browser opens before the first test')
    return browser
  }

  return {
    window: options => opened().newContext(options),
    session: () => opened().newBrowserCDPSession(),
    realWindow: () => {
      const [own] = opened().contexts()
      if (own === undefined) throw new Error('the browser has no window')
      return own
    },
  }
}

/** The DevTools address, which Chromium prints when it is ready. */
const addressOf = (program: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ''
    program.stderr?.on('data', piece => {
      said += String(piece)
      const address = /^DevTools listening on (ws:\S+)$/m.exec(said)?.[1]
      if (address !== undefined) resolve(address)
    })
    program.once('error', reject)
    program.once('exit', code => {
      reject(new Error(`Chromium ended with ${String(code)} before it was ready:\n${said}`))
    })
  })
