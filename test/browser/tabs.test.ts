import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { right } from 'fp-ts/Either'
import { BehaviorSubject, defer, finalize, from, map, mergeMap, takeWhile } from 'rxjs'
import type { BrowserContext, Page } from 'playwright-core'
import { isTerminal, type UploadStatus } from 'rx-upload-status'
import { createStatusRelay, nodeListener, type RelayEvent } from 'rx-upload-status/relay'
import { bundle } from '../../docs/demo/bundle'
import { listen } from '../../src/sandbox/http/listen'
import { until } from '../until'
import { openBrowser } from './openBrowser'

// Tabs of a real browser share one stream over HTTP/1.1, which has six connections per host.

/** The latest status of each upload, which the test sets. */
const latest$ = new BehaviorSubject<ReadonlyMap<string, UploadStatus['status']>>(new Map())
const say = (status: UploadStatus['status'], ...uploads: readonly string[]): void => {
  latest$.next(new Map([...latest$.value, ...uploads.map(upload => [upload, status] as const)]))
}

/** The uploads that the relay follows, once for each time it follows them. */
const following: string[] = []
const follows = (upload: string): boolean => following.includes(upload)

let streams = 0
let opened = 0
const on = (event: RelayEvent): void => {
  streams = event.streams
  if (event._tag === 'StreamOpened') opened += 1
}

let server: Server
let url = ''

beforeAll(async () => {
  const script = await bundle('test/browser/pages/tabs.ts')
  const relay = nodeListener(
    createStatusRelay({
      authorize: () => true,
      on,
      client: {
        uploadStatuses$: uploads =>
          from(uploads).pipe(
            mergeMap(given => ('account' in given ? [given] : given)),
            mergeMap(({ account, upload }) =>
              defer(() => {
                following.push(upload)
                return latest$
              }).pipe(
                finalize(() => following.splice(following.indexOf(upload), 1)),
                map(latest => latest.get(upload) ?? 'pending'),
                map((status): UploadStatus => {
                  const body = { prefixed_id: upload, media: { id: 7 }, error: 'No.', extra: {} }
                  return { ...body, status }
                }),
                takeWhile(status => !isTerminal(status), true),
                map(status => ({ account, upload, status: right(status) })),
              ),
            ),
          ),
      },
    }),
  )
  server = createServer((request, response) => {
    const path = request.url ?? ''
    if (path.startsWith('/statuses')) relay(request, response)
    else if (path === '/page.js') response.setHeader('content-type', 'text/javascript').end(script)
    else
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><title>A tab</title><script src="page.js"></script>')
  })
  ;({ origin: url } = await listen(server, '127.0.0.1', 0))
}, 60_000)

afterAll(async () => {
  server.closeAllConnections()
  await once(server.close(), 'close')
})

const browser = openBrowser()

beforeEach(() => {
  latest$.next(new Map())
})

/** Runs a test in its own window, then closes it and waits until no stream is left. */
const inWindow = async (work: (window: BrowserContext) => Promise<void>): Promise<void> => {
  const window = await browser.window()
  try {
    await work(window)
  } finally {
    await window.close()
    await until(() => streams === 0)
  }
}

const openTab = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(url)
  return page
}

const follow = (
  page: Page,
  uploads: readonly string[],
  { user = 'user_7', heedsActivity = false } = {},
): Promise<unknown> =>
  page.evaluate(
    ([user, uploads, heedsActivity]) => {
      window.follow(user, uploads, heedsActivity)
    },
    [user, uploads, heedsActivity] as const,
  )

const received = (page: Page): Promise<readonly string[]> => page.evaluate(() => window.received)

const hasReceived = (page: Page, ...all: readonly string[]): Promise<unknown> =>
  until(async () => {
    const so = await received(page)
    return all.every(each => so.includes(each))
  })

test(
  'nine tabs share one stream; when the leading tab is closed another one leads, and no value is lost',
  () =>
    inWindow(async context => {
      const tabs: Page[] = []
      for (let nth = 0; nth < 9; nth += 1) {
        const tab = await openTab(context)
        tabs.push(tab)
        await follow(tab, [`own_${String(nth)}`, 'common'])
      }
      for (const [nth, tab] of tabs.entries())
        await hasReceived(tab, `own_${String(nth)} pending`, 'common pending')
      await until(() => streams === 1 && following.length === 10)
      const [leader, ...others] = tabs
      const before = opened
      await leader?.close()
      say('processing', 'common')
      say('completed', 'own_1', 'own_2')
      await until(() => opened > before && streams === 1)
      for (const tab of others.slice(0, 1)) await hasReceived(tab, 'own_1 completed')
      // An upload that only the closed tab followed is dropped.
      await until(() => !follows('own_0'))
      const all = ['common', ...tabs.map((_, nth) => `own_${String(nth)}`)]
      say('completed', ...all)
      for (const [nth, tab] of others.entries()) {
        const own = `own_${String(nth + 1)}`
        await hasReceived(tab, 'complete')
        const values = await received(tab)
        expect(values.filter(value => value.startsWith('own'))).toEqual([
          `${own} pending`,
          `${own} completed`,
        ])
        expect(values.filter(value => value.startsWith('common'))).toEqual([
          'common pending',
          'common processing',
          'common completed',
        ])
        expect(values.at(-1)).toBe('complete')
      }
    }),
  60_000,
)

test('a tab that unsubscribes from an upload does not affect the other tabs', () =>
  inWindow(async context => {
    const [one, two] = [await openTab(context), await openTab(context)]
    const leave = await one.evaluateHandle(() => window.follow('user_7', ['a', 'b'], false))
    await hasReceived(one, 'a pending', 'b pending')
    await follow(two, ['b'])
    await hasReceived(two, 'b pending')
    await leave.evaluate(call => {
      call()
    })
    await until(() => !follows('a') && streams === 1)
    say('completed', 'a', 'b')
    await hasReceived(two, 'b completed', 'complete')
    expect(await received(one)).toEqual(['a pending', 'b pending'])
  }))

test('a hidden tab does not lead, and receives nothing', async () => {
  const real = browser.realWindow()
  const one = await openTab(real)
  await follow(one, ['a'], { heedsActivity: true })
  await hasReceived(one, 'a pending')
  const before = opened
  const two = await openTab(real)
  await until(() => streams === 0)
  await follow(two, ['a'], { heedsActivity: true })
  await hasReceived(two, 'a pending')
  expect([opened, streams]).toEqual([before + 1, 1])
  say('completed', 'a')
  await hasReceived(two, 'complete')
  expect(await received(one)).toEqual(['a pending'])
  await Promise.all([one.close(), two.close()])
})

test('a frozen tab does not lead', async () => {
  const real = browser.realWindow()
  // The second tab covers the first, because a visible tab cannot be frozen.
  const [one, two] = [await openTab(real), await openTab(real)]
  await follow(one, ['a'])
  await hasReceived(one, 'a pending')
  await follow(two, ['a'])
  await hasReceived(two, 'a pending')
  const before = opened
  const debug = await real.newCDPSession(one)
  await debug.send('Page.setWebLifecycleState', { state: 'frozen' })
  await until(() => opened > before)
  say('completed', 'a')
  await hasReceived(two, 'complete')
  await debug.send('Page.setWebLifecycleState', { state: 'active' })
  await hasReceived(one, 'complete')
  await Promise.all([one.close(), two.close()])
})

test('tabs of two users share nothing', () =>
  inWindow(async context => {
    const [one, two] = [await openTab(context), await openTab(context)]
    await follow(one, ['a'])
    await hasReceived(one, 'a pending')
    await follow(two, ['a'], { user: 'user_8' })
    await hasReceived(two, 'a pending')
    expect(streams).toBe(2)
  }))
