import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BrowserContext, Page, Request } from 'playwright-core'
import { sandboxApiKey } from 'rx-upload-status/sandbox'
import { words } from '../../docs/demo/page/words'
import { until } from '../until'
import {
  addTrouble,
  dropFile,
  openDemo,
  openMenu,
  openRow,
  pasteUrls,
  reads,
  rowOf,
} from './demoPage'
import { commonLooks, lookInAllWays, otherLooks, type Looks, type View } from './looks'
import { openBrowser } from './openBrowser'
import { startDemo, type RunningDemo } from './startDemo'

// The demo as users see it: started by its command, and opened in Chromium.

let demo: RunningDemo

beforeAll(async () => {
  demo = await startDemo()
}, 60_000)

afterAll(() => demo.interrupt(), 15_000)

const browser = openBrowser()

const open = (window: BrowserContext): Promise<Page> => openDemo(window, demo.url)

/** Checks views of the demo with many display settings. */
const look = (ways: Looks, ...views: readonly View[]): Promise<void> =>
  lookInAllWays(browser, demo.url, ways, ...views)

/** The URLs that the page requested, and all text that it sent and received. */
interface Overheard {
  readonly urls: Set<string>
  text: string
}

/** The parts that a text contains. `toContain` would print the whole text. */
const within = (whole: string, ...parts: readonly string[]): readonly string[] =>
  parts.filter(part => whole.toLowerCase().includes(part))

const overhear = (window: BrowserContext): Overheard => {
  const heard: Overheard = { urls: new Set(), text: '' }
  window.on('request', request => {
    heard.urls.add(request.url())
    heard.text += JSON.stringify(request.headers()) + request.url()
    heard.text += request.postDataBuffer()?.toString('latin1') ?? ''
  })
  window.on('response', response => {
    heard.text += JSON.stringify(response.headers())
    // The body of an aborted stream cannot be read.
    response.text().then(
      text => (heard.text += text),
      () => undefined,
    )
  })
  return heard
}

test('a board without uploads is accessible', async () => {
  await look(commonLooks, ['empty', page => page.getByText('Nothing is under way').waitFor()])
}, 60_000)

test('the demo prints only its address', () => {
  expect(demo.said().trim().split('\n')).toEqual([`Open ${demo.url} (Ctrl-C ends it)`])
})

describe('the board', () => {
  let window: BrowserContext
  let page: Page
  let heard: Overheard

  beforeAll(async () => {
    window = await browser.window()
    heard = overhear(window)
    page = await open(window)
    await dropFile(page, 'holiday.jpg')
    await pasteUrls(page, 'https://media.example/trailer.mp4', 'https://media.example/failing.mp4')
    for (const title of ['Bad gateway', 'A status that goes back', 'Not permitted'])
      await addTrouble(page, title)
  }, 60_000)

  afterAll(() => window.close())

  test('shows a dropped file until it completes', async () => {
    await reads(page, 'holiday.jpg', 'The photo is there')
    await openRow(page, 'holiday.jpg')
    await reads(page, 'holiday.jpg', /pending \d+ s.*processing \d+ s/)
  }, 60_000)

  test(
    'shows a pasted URL until it completes',
    () => reads(page, 'trailer.mp4', 'Completed'),
    60_000,
  )

  test('shows why an upload failed', async () => {
    await reads(page, 'failing.mp4', 'Failed to download file from the provided URL.')
    await reads(page, 'failing.mp4', /^failing\.mp4Failed/)
  }, 60_000)

  test('shows an upload with trouble until it completes', async () => {
    await reads(page, 'bad-gateway.mp4', 'Completed')
    await reads(page, 'backwards.jpg', 'Completed')
  }, 60_000)

  test('shows in plain words why an end is unknown', async () => {
    await reads(page, 'not-permitted.jpg', /Its end is unknown: rejected with HTTP 403/)
  }, 60_000)

  test('shows each attempt, each failure and each wait in an open row', async () => {
    await openRow(page, 'bad-gateway.mp4')
    const story = rowOf(page, 'bad-gateway.mp4').getByRole('list', { name: 'Attempts' })
    for (const line of [/^0\.\d sAttempt 1$/, /HTTP 502/, /Retry in/, /Next poll in/, /completed$/])
      await story.getByRole('listitem').filter({ hasText: line }).first().waitFor()
    await rowOf(page, 'bad-gateway.mp4').locator('summary').click()
    await story.waitFor({ state: 'hidden' })
  }, 60_000)

  test('filters rows by state', async () => {
    await page.getByRole('button', { name: /^Failed \d+$/ }).click()
    await rowOf(page, 'trailer.mp4').waitFor({ state: 'detached' })
    await reads(page, 'failing.mp4', 'Failed')
    await page.getByRole('button', { name: /^All \d+$/ }).click()
    await reads(page, 'trailer.mp4', 'Completed')
  }, 60_000)

  test('starts no upload from a text with an invalid URL, and names the invalid word', async () => {
    await pasteUrls(page, 'https://media.example/a.mp4', 'Dear', 'all')
    await page
      .getByRole('alert')
      .filter({ hasText: '“Dear” and 1 more cannot be read as a URL' })
      .waitFor()
    expect(await rowOf(page, 'a.mp4').count()).toBe(0)
    await page.getByLabel('or paste URLs').fill('')
  })

  test('announces an end to screen readers', async () => {
    await page
      .getByRole('status')
      .filter({ hasText: /: Completed\./ })
      .waitFor()
  }, 60_000)

  test('shows why the API refuses an upload', async () => {
    await pasteUrls(page, 'ftp://media.example/100%.gif')
    await reads(page, '100%.gif', 'The file_url must be an https URL.')
  })

  test('is the same after a reload', async () => {
    await page.reload()
    await reads(page, 'failing.mp4', 'Failed to download file from the provided URL.')
    await openRow(page, 'trailer.mp4')
    await reads(page, 'trailer.mp4', /pending \d+ s.*processing \d+ s/)
  })

  test('sends and receives nothing that contains the key', async () => {
    const paths = [...heard.urls].map(url => new URL(url).pathname)
    expect([...new Set(paths)].sort()).toEqual([
      '/',
      '/page.css',
      '/page.js',
      '/statuses',
      '/stories',
      '/uploads',
    ])
    const streams = [...heard.urls].filter(url => url.includes('/statuses'))
    const received = await Promise.all(
      streams.map(async url => (await fetch(url, { headers: { origin: demo.url } })).text()),
    )
    const all = heard.text + received.join()
    // Proof that the traffic was recorded: a sent file, a URL, the script, a status.
    const parts = ['light', 'https://media.example/trailer.mp4', 'add trouble', '"isready"']
    expect(within(all, ...parts)).toEqual(parts)
    expect(within(all, sandboxApiKey, 'authorization', 'bearer ')).toEqual([])
  }, 60_000)

  test('is accessible, including its menus', async () => {
    await look(
      commonLooks,
      ['board', shown => reads(shown, 'holiday.jpg', 'Completed')],
      [
        'opened',
        async shown => {
          await openRow(shown, 'bad-gateway.mp4')
          await reads(shown, 'bad-gateway.mp4', 'Attempt 1')
          await rowOf(shown, 'bad-gateway.mp4').getByText('Attempt 1').first().waitFor()
        },
      ],
      ['actions', shown => openMenu(shown, 'bad-gateway.mp4')],
      [
        'menu',
        async shown => {
          await shown.keyboard.press('Escape')
          await shown.getByText('Add trouble').click()
        },
      ],
    )
  }, 180_000)

  test('is mirrored from right to left, and accessible in forced colors', async () => {
    await look(otherLooks, [
      'opened',
      async shown => {
        await reads(shown, 'holiday.jpg', 'Completed')
        const row = rowOf(shown, 'holiday.jpg').first()
        expect(await row.locator('h3 > bdi').textContent()).toBe('holiday.jpg')
        const isMirrored = await row.evaluate(element => {
          const [sign, menu] = [element.querySelector('.sign'), element.querySelector('.more')]
          const left = (each: Element | null): number => each?.getBoundingClientRect().left ?? NaN
          return left(sign) > left(menu)
        })
        expect(isMirrored).toBe(await shown.evaluate(() => document.documentElement.dir === 'rtl'))
        await openRow(shown, 'bad-gateway.mp4')
        await rowOf(shown, 'bad-gateway.mp4').getByText('Attempt 1').first().waitFor()
      },
    ])
  }, 180_000)

  test('removes ended uploads with “Clear ended”', async () => {
    await page.getByRole('button', { name: 'Clear ended' }).click()
    await rowOf(page, 'holiday.jpg').waitFor({ state: 'detached' })
  })

  test('renders a name as text, never as HTML', async () => {
    await pasteUrls(page, 'https://media.example/%3Cimg%20src=x%3E.png')
    await reads(page, '<img src=x>.png', 'Pending')
    expect(await page.locator('img').count()).toBe(0)
  })
})

test('everything can be done by keyboard', async () => {
  const window = await browser.window()
  const page = await open(window)
  const focused = (): Promise<string> =>
    page.evaluate(() => document.activeElement?.textContent ?? '')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('file')
  await page.keyboard.press('Tab')
  await page.keyboard.type('https://media.example/by-keyboard.mp4')
  await page.keyboard.press('Enter')
  await reads(page, 'by-keyboard.mp4', 'Pending')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Add trouble')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await focused()).toMatch(/^Slow answers/)
  await page.keyboard.press('Escape')
  expect(await focused()).toBe('Add trouble')
  expect(await page.getByRole('button', { name: 'Slow answers' }).isVisible()).toBe(false)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await reads(page, 'slow-answers.mp4', /Waiting|Pending/)
  await window.close()
}, 60_000)

test('all uploads share one time axis: a line begins at its start, and its wait follows', async () => {
  const page = await open(await browser.window())
  // The relay does not answer, so that no upload ends.
  await page.route(/\/statuses\?/, () => undefined)
  await pasteUrls(page, 'https://media.example/earlier.mp4')
  await reads(page, 'earlier.mp4', /for ([2-9]|\d\d) s/)
  await pasteUrls(page, 'https://media.example/later.mp4')
  await reads(page, 'later.mp4', /for \d s/)
  await openRow(page, 'later.mp4')
  const upload = await rowOf(page, 'later.mp4').locator('.id').textContent()
  await page.route('**/stories?*', route => {
    const at = Date.now()
    const attempt = { upload, at, mark: 'attempt', text: 'Attempt 1', until: null }
    const wait = { upload, at, mark: 'wait', text: 'Retry in 600 s', until: at + 600_000 }
    const budget = { rate: 600, queue: 0, wait: 0, running: 0, pausedFor: 0 }
    return route.fulfill({ json: { lines: [attempt, wait], next: 0, budget } })
  })
  await reads(page, 'later.mp4', /next attempt in \d+ min \d+ s/)
  const starts = await page
    .locator('.strip')
    .evaluateAll(strips => strips.map(strip => strip.getBoundingClientRect().left))
  // The newest row comes first.
  expect(starts[0]).toBeGreaterThan(starts[1] ?? Infinity)
  const line = rowOf(page, 'later.mp4').locator('.strip')
  const isAfterNow = await line.evaluate(strip => {
    const wait = strip.querySelector('.wait')?.getBoundingClientRect()
    return wait !== undefined && wait.left >= strip.getBoundingClientRect().right && wait.width > 0
  })
  expect(isAfterNow).toBe(true)
  await line.locator('.attempt').first().waitFor()
  await page.context().close()
}, 60_000)

test('with forced colors each state has its own shape, and the focus is visible', async () => {
  const window = await browser.window({ forcedColors: 'active', reducedMotion: 'reduce' })
  const page = await open(window)
  for (const focusable of ['the files', 'the URLs', 'Upload', 'Add trouble']) {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => {
      const { activeElement: element } = document
      if (element === null) return null
      const { outlineStyle, outlineWidth } = getComputedStyle(element.closest('.files') ?? element)
      return `${outlineWidth} ${outlineStyle}`
    })
    expect({ focusable, outline }).toEqual({ focusable, outline: '2px solid' })
  }
  await page.evaluate(() => {
    document.body.innerHTML = '<li><div class="unstarted"><i class="sign"></i></div></li>'
  })
  const draw = async (state: string): Promise<string> => {
    await page.locator('li').evaluate((row, name) => {
      row.setAttribute('class', `upload ${name}`)
    }, state)
    return (await page.locator('li').screenshot()).toString('base64')
  }
  const states = Object.keys(words)
  const shapes = new Map<string, string>()
  for (const state of states) shapes.set(await draw(state), state)
  expect([...shapes.values()]).toEqual(states)
  expect(shapes.get(await draw('completed'))).toBe('completed')
  await window.close()
}, 60_000)

test('hiding the tab pauses polling, and the line shows for how long', async () => {
  const window = browser.realWindow()
  const [page, other] = [await open(window), await open(window)]
  const isStream = (request: Request): boolean => request.url().includes('/statuses')
  const streams = new Set<Request>()
  page.on('request', request => isStream(request) && streams.add(request))
  page.on('requestfailed', request => streams.delete(request))
  page.on('requestfinished', request => streams.delete(request))
  await page.bringToFront()
  await addTrouble(page, 'Slow answers')
  await reads(page, 'slow-answers.mp4', 'Waiting')
  await until(() => streams.size === 1)

  await other.bringToFront()
  await until(() => streams.size === 0)
  await until(async () => (await page.title()) === 'Paused: Uploads')
  const asked: Request[] = []
  page.on('request', request => asked.push(request))
  // Meanwhile another page sees several polls.
  await addTrouble(other, 'A failed upload')
  await reads(other, 'given-up.mov', 'Processing')
  expect(asked).toEqual([])

  // Quick returns are spread over a few seconds.
  const connects = page.waitForRequest(request => request.url().includes('/statuses'))
  await page.bringToFront()
  await openRow(page, 'slow-answers.mp4')
  await reads(page, 'slow-answers.mp4', /paused \d+ s/)
  await connects
  expect(asked.filter(isStream).length).toBe(1)
  await Promise.all([page.close(), other.close()])
}, 60_000)

describe('the server of the page', () => {
  const status = async (path: string, init?: RequestInit): Promise<number> => {
    const response = await fetch(`${demo.url}${path}`, init)
    await response.body?.cancel()
    return response.status
  }

  test('starts no upload for a page of another origin', async () => {
    const headers = { origin: 'https://evil.example' }
    expect(await status('/uploads', { method: 'POST', headers })).toBe(403)
  })

  test('relays no upload that was not started there', async () => {
    expect(await status('/statuses?ref=acct_sandbox/ofapi_media_1')).toBe(403)
  })

  test.each(['/nothing', '/../package.json', '/api/acct_sandbox/media/vault'])(
    'answers 404 for %s',
    async path => {
      expect(await status(path)).toBe(404)
    },
  )
})

test('two demos can run at the same time, and Ctrl-C stops one completely', async () => {
  const second = await startDemo()
  expect(second.url).not.toBe(demo.url)
  expect((await fetch(second.url)).status).toBe(200)
  await second.interrupt()
  await expect(fetch(second.url)).rejects.toThrow('fetch failed')
}, 60_000)
