import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Page, Request } from 'playwright-core'
import type { RelayEvent } from 'rx-upload-status/relay'
import {
  completed,
  html,
  processing,
  sandboxAccount,
  startSandbox,
  type Sandbox,
  type SandboxRequest,
} from 'rx-upload-status/sandbox'
import { until } from '../until'
import { openBackend } from './backend'
import { heard, type Heard } from './heard'
import { openBrowser } from './openBrowser'

// The hooks of React in a browser, in StrictMode.

let sandbox: Sandbox
const asked: Heard<SandboxRequest> = heard()
const streams: Heard<RelayEvent> = heard()

beforeAll(async () => {
  sandbox = await startSandbox({
    framing: 'mixed',
    on: event => {
      if (event.kind === 'request') asked.add(event)
    },
  })
})

afterAll(() => sandbox.close())

const browser = openBrowser()

const inPage = {
  entry: 'test/browser/pages/mounts.tsx',
  sandbox: () => sandbox,
  on: streams.add,
}
const development = openBackend({ ...inPage, mode: 'development' })
const production = openBackend(inPage)

const upload = (): string => sandbox.script(sandboxAccount, [processing()]).upload

let page: Page

const show = (
  uploads: readonly string[],
  via: 'client' | 'hasty' | 'often' | 'relay',
): Promise<number> => page.evaluate(([...given]) => window.show(...given), [uploads, via] as const)

/** Unmounts all; resolves when no stream is open any more. */
const hide = async (): Promise<void> => {
  await page.evaluate(() => {
    window.hide()
  })
  await streams.until(streams.count(isOpened), isClosed)
}

const isOf =
  (id: string) =>
  (request: SandboxRequest): boolean =>
    request.upload === id

const isOpened = ({ _tag }: RelayEvent): boolean => _tag === 'StreamOpened'
const isClosed = ({ _tag }: RelayEvent): boolean => _tag === 'StreamClosed'

afterEach(() => page.context().close())

describe('in StrictMode, where each component is mounted twice', () => {
  beforeEach(async () => {
    page = await (await browser.window()).newPage()
    await page.goto(development.url())
  })

  test('rows of one upload share one request', async () => {
    const id = upload()
    expect(await show([id, id, id], 'client')).toBe(6)
    expect(asked.count(isOf(id))).toBe(1)
  })

  test('a row that is mounted again within the grace sends no new request', async () => {
    const id = upload()
    await show([id], 'client')
    await hide()
    await show([id], 'client')
    await show([id, upload()], 'client')
    expect(asked.count(isOf(id))).toBe(1)
  })

  test('rows of many uploads share one stream of a relay', async () => {
    const before = streams.count(isOpened)
    await show([upload(), upload(), upload()], 'relay')
    expect(streams.count(isOpened)).toBe(before + 1)
    await hide()
  })
})

test('a row of an unknown upload polls again when the network is back', async () => {
  const window = await browser.window()
  page = await window.newPage()
  await page.goto(production.url())
  const { upload: id } = sandbox.script(sandboxAccount, [html(503), completed()])
  await show([id], 'hasty')
  expect(await page.textContent('p')).toBe(`${id}: unknown`)
  await window.setOffline(true)
  await window.setOffline(false)
  await page.waitForSelector('text=completed')
  expect(asked.count(isOf(id))).toBe(2)
})

test('500 rows that are polled every 2 s render only for a new status, not for each poll', async () => {
  page = await (await browser.window()).newPage()
  await page.goto(production.url())
  const debug = await page.context().newCDPSession(page)
  await debug.send('Performance.enable')
  const metric = async (name: string): Promise<number> => {
    const { metrics } = await debug.send('Performance.getMetrics')
    return metrics.find(each => each.name === name)?.value ?? NaN
  }
  await show(
    Array.from({ length: 500 }, (_, nth) => `ofapi_media_${String(nth)}`),
    'often',
  )
  const [at, busy] = [await metric('Timestamp'), await metric('ThreadTime')]
  await page.waitForFunction(() => window.polls() >= 2_000)
  const share = ((await metric('ThreadTime')) - busy) / ((await metric('Timestamp')) - at)
  // Two renders a row, waiting and its status; more than 1,500 later polls rendered nothing.
  expect(await page.evaluate(() => window.renders())).toBe(1_000)
  if (process.env['FIGURES'] !== undefined)
    process.stdout.write(`CPU of the main thread: ${(share * 100).toFixed(1)} %\n`)
  await hide()
}, 180_000)

test("a stream whose uploads have all ended is no failed request in the browser's tools", async () => {
  page = await (await browser.window()).newPage()
  const [read, failed]: [Request[], Request[]] = [[], []]
  page.on('requestfailed', request => failed.push(request))
  page.on('requestfinished', request => {
    if (request.url().includes('/statuses')) read.push(request)
  })
  await page.goto(production.url())
  // Chromium loses this race only sometimes, so the test runs twelve rounds.
  const rounds = 12
  for (let round = 0; round < rounds; round += 1)
    await show([sandbox.script(sandboxAccount, [completed()]).upload], 'relay')
  await until(() => read.length + failed.length >= rounds)
  expect(failed.map(request => request.failure())).toEqual([])
}, 60_000)

test('1,000 mounts leak no memory and no stream', async () => {
  page = await (await browser.window()).newPage()
  await page.goto(production.url())
  const debug = await page.context().newCDPSession(page)
  const ids = Array.from({ length: 100 }, upload)
  // Two rows for each.
  const uploads = [...ids, ...ids]

  const mounts = async (rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      await show(uploads, 'relay')
      await hide()
    }
  }

  const heldBytes = async (): Promise<number> => {
    await debug.send('HeapProfiler.collectGarbage')
    return (await debug.send('Runtime.getHeapUsage')).usedSize
  }

  await mounts(2)
  const before = await heldBytes()
  await mounts(5)
  const each = ((await heldBytes()) - before) / 1_000
  // Growing tables and compiled code cost about 200 bytes; a leaked row would cost thousands.
  expect(each).toBeLessThan(500)
  expect(streams.all.at(-1)?.streams).toBe(0)
}, 180_000)
