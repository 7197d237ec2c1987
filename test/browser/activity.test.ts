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

// The activity of a page by default, with a real tab that another one covers, and a real network
// that goes away. That nothing happens is seen by what others do meanwhile.

let sandbox: Sandbox
let asked: Heard<SandboxRequest>
let told: Heard<WatchEvent>

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
 * Milliseconds between polls: soon, or not while a test runs. Chromium reports each poll to the test in
 * a dozen messages; on a busy machine, those of shorter times held up the test's own commands.
 */
const [often, hardlyEver] = [100, 3_600_000]

const openPage = async (window: BrowserContext): Promise<Page> => {
  const page = await window.newPage()
  await page.exposeFunction('tell', (event: WatchEvent) => {
    told.add(event)
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

/** Until a watch has told that many more events of a kind, however many it told before. */
const more = (many: number, id: string, tag: WatchEvent['_tag']): Promise<void> =>
  told.until(told.count(isEvent(id, tag)) + many, isEvent(id, tag))

const attempts = (id: string, many: number): Promise<void> => more(many, id, 'AttemptStarted')

test('a browser that is wrong about being offline is believed for 15 s', async () => {
  told = heard()
  const lying = await browser.window()
  await lying.addInitScript(() => {
    Object.defineProperty(navigator, 'onLine', { value: false })
  })
  await lying.clock.install()
  const page = await lying.newPage()
  await page.exposeFunction('tell', (event: WatchEvent) => {
    told.add(event)
  })
  await page.goto(backend.url())
  const id = upload()
  await page.evaluate(given => {
    window.watch(given, 20, true)
  }, id)
  await told.until(1, isEvent(id, 'Paused'))
  expect(asked.count(isOf(id))).toBe(0)
  await page.clock.fastForward(15_100)
  await told.until(3, isEvent(id, 'StatusReceived'))
  expect(told.count(isEvent(id, 'Resumed'))).toBe(1)
  await lying.close()
}, 30_000)

test('a tab that is frozen polls when it is active again, if it is to go on while hidden', async () => {
  told = heard()
  const window = browser.realWindow()
  const [page, other] = [await openPage(window), await openPage(window)]
  const debug = await window.newCDPSession(page)
  const [frozen, busy] = [await watch(page, often, false), await watch(other, often, false)]
  await attempts(frozen, 3)
  await debug.send('Page.setWebLifecycleState', { state: 'frozen' })
  // What was under way when the tab froze may still arrive.
  await attempts(busy, 5)
  const before = told.count(isEvent(frozen, 'AttemptStarted'))
  await attempts(busy, 10)
  expect(told.count(isEvent(frozen, 'AttemptStarted'))).toBe(before)
  await debug.send('Page.setWebLifecycleState', { state: 'active' })
  await attempts(frozen, 3)
  expect(told.count(isEvent(frozen, 'Settled'))).toBe(0)
  await Promise.all([page.close(), other.close()])
}, 60_000)

describe.each(['hidden', 'offline'] as const)('a page that is %s', what => {
  let page: Page
  let other: Page
  let session: CDPSession

  // Of this page alone: `setOffline` of the window asks its other pages first, which are slow to answer.
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
    told = heard()
    const window = browser.realWindow()
    other = await window.newPage()
    page = await openPage(window)
    session = await window.newCDPSession(page)
  })

  afterAll(async () => {
    await setOffline(false)
    await Promise.all([page.close(), other.close()])
  })

  test('asks for nothing, unless it was told to; back again it asks for what is due', async () => {
    const [busy, patient] = [await watch(page, often), await watch(page, hardlyEver)]
    const always = await watch(page, often, false)
    await attempts(busy, 3)

    // A slow machine may show a new page late, and it pauses until then: that is not this pause.
    const paused = [more(1, busy, 'Paused'), more(1, patient, 'Paused')]
    await leave()
    await Promise.all(paused)
    const before = told.count(isEvent(busy, 'AttemptStarted'))
    await attempts(always, 3)
    expect(told.count(isEvent(busy, 'AttemptStarted'))).toBe(before)
    expect(told.count(isEvent(always, 'Paused'))).toBe(0)
    expect(asked.count(isOf(patient))).toBe(1)

    const resumed = more(1, patient, 'Resumed')
    await comeBack()
    await resumed
    await attempts(busy, 3)
    expect(asked.count(isOf(patient))).toBe(1)
  }, 30_000)
})
