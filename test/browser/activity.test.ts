import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import type { WatchEvent } from 'rx-upload-status'
import {
  processing,
  sandboxAccount,
  startSandbox,
  type Sandbox,
  type SandboxRequest,
} from 'rx-upload-status/sandbox'
import { openBackend } from './backend'
import { heard, type Heard } from './heard'
import { openBrowser } from './openBrowser'

// The default activity of a page, with a real tab that another one covers, and a network that really goes
// away. That a watch does nothing is measured by what other watches do meanwhile.

let sandbox: Sandbox
let asked: Heard<SandboxRequest>
let events: Heard<WatchEvent>

beforeAll(async () => {
  asked = heard()
  sandbox = await startSandbox({
    framing: 'mixed',
    on: event => {
      if (event.kind === 'request') asked.add(event)
    },
  })
})

afterAll(() => sandbox.close())

const browser = openBrowser()
const backend = openBackend({ entry: 'test/browser/pages/watches.ts', sandbox: () => sandbox })

/**
 * Milliseconds between polls: often, or never during a test. Chromium reports each poll to the test in
 * a dozen messages; with shorter times these delayed the test's own commands on a busy machine.
 */
const [often, hardlyEver] = [100, 3_600_000]

const openPage = async (window: BrowserContext): Promise<Page> => {
  const page = await window.newPage()
  await page.exposeFunction('tell', (event: WatchEvent) => {
    events.add(event)
  })
  await page.goto(backend.url())
  return page
}

const upload = (): string => sandbox.script(sandboxAccount, [processing()]).upload

const watch = async (page: Page, spacing: number, heedsActivity = true): Promise<string> => {
  const id = upload()
  await page.evaluate(
    ([...given]) => {
      window.watch(...given)
    },
    [id, spacing, heedsActivity] as const,
  )
  await asked.until(1, isOf(id))
  return id
}

const isOf =
  (id: string) =>
  (item: { readonly upload: string | null }): boolean =>
    item.upload === id

const isEvent =
  (id: string, tag: WatchEvent['_tag']) =>
  (event: WatchEvent): boolean =>
    event.upload === id && event._tag === tag

/** Waits for this many more events of a kind, however many there were before. */
const more = (many: number, id: string, tag: WatchEvent['_tag']): Promise<void> =>
  events.until(events.count(isEvent(id, tag)) + many, isEvent(id, tag))

const attempts = (id: string, many: number): Promise<void> => more(many, id, 'AttemptStarted')

test('a page that the browser wrongly calls offline pauses for 15 s only', async () => {
  events = heard()
  const lying = await browser.window()
  await lying.addInitScript(() => {
    Object.defineProperty(navigator, 'onLine', { value: false })
  })
  await lying.clock.install()
  const page = await lying.newPage()
  await page.exposeFunction('tell', (event: WatchEvent) => {
    events.add(event)
  })
  await page.goto(backend.url())
  const id = upload()
  await page.evaluate(given => {
    window.watch(given, 20, true)
  }, id)
  await events.until(1, isEvent(id, 'Paused'))
  expect(asked.count(isOf(id))).toBe(0)
  await page.clock.fastForward(15_100)
  await events.until(3, isEvent(id, 'StatusReceived'))
  expect(events.count(isEvent(id, 'Resumed'))).toBe(1)
  await lying.close()
}, 30_000)

test('a frozen tab with activity$: of(true) polls again when it is active', async () => {
  events = heard()
  const window = browser.realWindow()
  const [page, other] = [await openPage(window), await openPage(window)]
  const debug = await window.newCDPSession(page)
  const [frozen, busy] = [await watch(page, often, false), await watch(other, often, false)]
  await attempts(frozen, 3)
  await debug.send('Page.setWebLifecycleState', { state: 'frozen' })
  // A request that was in flight when the tab froze may still be answered.
  await attempts(busy, 5)
  const before = events.count(isEvent(frozen, 'AttemptStarted'))
  await attempts(busy, 10)
  expect(events.count(isEvent(frozen, 'AttemptStarted'))).toBe(before)
  await debug.send('Page.setWebLifecycleState', { state: 'active' })
  await attempts(frozen, 3)
  expect(events.count(isEvent(frozen, 'Settled'))).toBe(0)
  await Promise.all([page.close(), other.close()])
}, 60_000)

describe.each(['hidden', 'offline'] as const)('a page that is %s', what => {
  let page: Page
  let other: Page
  let session: CDPSession

  // Only for this page: `setOffline` of the window waits for its other pages, which answer slowly.
  const setOffline = async (offline: boolean): Promise<void> => {
    await session.send('Network.emulateNetworkConditions', {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    })
  }

  const leave = (): Promise<void> => (what === 'hidden' ? other.bringToFront() : setOffline(true))

  const comeBack = (): Promise<void> =>
    what === 'hidden' ? page.bringToFront() : setOffline(false)

  beforeAll(async () => {
    events = heard()
    const window = browser.realWindow()
    other = await window.newPage()
    page = await openPage(window)
    session = await window.newCDPSession(page)
  })

  afterAll(async () => {
    await setOffline(false)
    await Promise.all([page.close(), other.close()])
  })

  test('does not poll, except with activity$: of(true); on return it polls only what is due', async () => {
    const [busy, patient] = [await watch(page, often), await watch(page, hardlyEver)]
    const always = await watch(page, often, false)
    await attempts(busy, 3)

    // A slow machine may show a new page late; the page pauses until then, which is not this pause.
    const paused = [more(1, busy, 'Paused'), more(1, patient, 'Paused')]
    await leave()
    await Promise.all(paused)
    const before = events.count(isEvent(busy, 'AttemptStarted'))
    await attempts(always, 3)
    expect(events.count(isEvent(busy, 'AttemptStarted'))).toBe(before)
    expect(events.count(isEvent(always, 'Paused'))).toBe(0)
    expect(asked.count(isOf(patient))).toBe(1)

    const resumed = more(1, patient, 'Resumed')
    await comeBack()
    await resumed
    await attempts(busy, 3)
    expect(asked.count(isOf(patient))).toBe(1)
  }, 30_000)
})
