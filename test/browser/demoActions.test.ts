import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import * as t from 'io-ts'
import type { Locator, Page } from 'playwright-core'
import { until } from '../until'
import { act, addTrouble, focused, openDemo, openMenu, pasteUrls, reads, rowOf } from './demoPage'
import { openBrowser } from './openBrowser'
import { startDemo, type RunningDemo } from './startDemo'

// The actions of the demo's rows, by keyboard.

let demo: RunningDemo

beforeAll(async () => {
  demo = await startDemo()
}, 60_000)

afterAll(() => demo.interrupt(), 15_000)

const browser = openBrowser()

const url = (name: string): string => `https://media.example/${name}`

const copied = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

/** Runs a program as a user of the package would. */
const run = async (code: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: {
      'rx-upload-status': './src/index.ts',
      'rx-upload-status/relay/client': './src/relay/client/index.ts',
      '#platform': './src/platform/node.ts',
    },
  })
  const [{ text } = { text: '' }] = outputFiles
  const program = promisify(execFile)(process.execPath, ['--input-type=module', '-e', text])
  return (await program).stdout
}

describe('the actions of a row', () => {
  let page: Page

  beforeAll(async () => {
    const window = await browser.window({ permissions: ['clipboard-read', 'clipboard-write'] })
    page = await openDemo(window, demo.url)
    await addTrouble(page, 'Not permitted')
    await reads(page, 'not-permitted.jpg', 'Unknown')
    // From here on the relay does not answer, so that no running upload ends.
    await page.route(/\/statuses\?/, () => undefined)
    await pasteUrls(page, url('long.mp4'))
    await reads(page, 'long.mp4', 'Waiting')
  }, 60_000)

  afterAll(() => page.context().close())

  test('are in a menu with arrow-key navigation, which Escape closes', async () => {
    await openMenu(page, 'long.mp4')
    expect(await focused(page)).toBe('Stop watching')
    await page.keyboard.press('ArrowUp')
    expect(await focused(page)).toBe('Dismiss')
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('Stop watching')
    await page.keyboard.press('Escape')
    expect(await focused(page)).toBe('Actions for long.mp4')
    expect(await page.getByRole('menu').count()).toBe(0)
  })

  test('the menu of trouble closes on a click outside', async () => {
    await page.getByText('Add trouble').click()
    await page.getByRole('button', { name: 'Slow answers' }).waitFor()
    await page.getByRole('heading', { name: 'Uploads', exact: true }).click()
    await page.getByRole('button', { name: 'Slow answers' }).waitFor({ state: 'hidden' })
  })

  test('stop a watch and start it again, and keep the focus', async () => {
    await act(page, 'long.mp4', 'Stop watching')
    await reads(page, 'long.mp4', 'Stopped')
    await act(page, 'long.mp4', 'Watch again')
    await reads(page, 'long.mp4', 'Waiting')
    expect(await focused(page)).toBe('Actions for long.mp4')
  })

  test('copy the id, and code that watches the upload', async () => {
    await act(page, 'not-permitted.jpg', 'Copy the id')
    await page.getByRole('status').filter({ hasText: 'Copied the id of' }).waitFor()
    expect(await copied(page)).toMatch(/^ofapi_media_\w+$/)
    await act(page, 'not-permitted.jpg', 'Copy code that watches it')
    await page.getByRole('status').filter({ hasText: 'Copied the code of' }).waitFor()
    expect(await run(await copied(page))).toMatch(/^rejected with HTTP 403 .*\n$/)
  })

  test('copy the failure as JSON', async () => {
    await act(page, 'not-permitted.jpg', 'Copy the failure as JSON')
    await page.getByRole('status').filter({ hasText: 'Copied the failure of' }).waitFor()
    const failure: unknown = JSON.parse(await copied(page))
    expect(t.type({ _tag: t.literal('Rejected'), status: t.literal(403) }).is(failure)).toBe(true)
  })

  test('dismiss a row, and move the focus to the next one', async () => {
    await act(page, 'long.mp4', 'Dismiss')
    await rowOf(page, 'long.mp4').waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('Actions for not-permitted.jpg')
  })

  test('dismiss the last row, and move the focus to the field for URLs', async () => {
    await act(page, 'not-permitted.jpg', 'Dismiss')
    await page.getByText('Nothing is under way').waitFor()
    expect(await focused(page)).toBe('urls')
  })
})

test('“Retry failed” sends refused uploads again, and the focus stays on the board', async () => {
  const page = await openDemo(await browser.window(), demo.url)
  await page.route('**/uploads?*', route => route.abort())
  await pasteUrls(page, url('first.mp4'), url('second.mp4'))
  await reads(page, 'second.mp4', 'The server of this page cannot be reached.')
  await page.getByRole('button', { name: 'Refused 2' }).waitFor()
  // URLs that are pasted together keep their order.
  const names = await page.getByRole('heading', { level: 3 }).allTextContents()
  expect(names.slice(0, 2)).toEqual(['first.mp4', 'second.mp4'])
  await page.unroute('**/uploads?*')
  await page.getByRole('button', { name: 'Retry failed' }).press('Enter')
  for (const name of ['first.mp4', 'second.mp4'])
    await reads(page, name, /Waiting|Pending|Processing|Completed/)
  await until(async () => (await focused(page)).startsWith('All '))
  await page.context().close()
})

describe('the top of the page', () => {
  let page: Page
  const banner = (title: string): Locator => page.locator('.banner', { hasText: title })

  beforeAll(async () => {
    page = await openDemo(await browser.window(), demo.url)
    await addTrouble(page, 'Slow answers')
  }, 60_000)

  afterAll(() => page.context().close())

  test('shows a banner while the browser is offline', async () => {
    await page.context().setOffline(true)
    await banner('You are offline.').waitFor()
    await page.context().setOffline(false)
    await banner('You are offline.').waitFor({ state: 'detached' })
  }, 60_000)

  test('shows a banner while the server does not answer', async () => {
    await page.route('**/stories?*', route => route.abort())
    await pasteUrls(page, url('unheard.mp4'))
    await banner('does not answer').waitFor()
    await page.unroute('**/stories?*')
    await banner('does not answer').waitFor({ state: 'detached' })
  }, 60_000)

  test('shows a banner while the API refuses the key', async () => {
    await page.route(/\/statuses\?/, route => route.fulfill({ status: 401, json: {} }))
    await pasteUrls(page, url('unkeyed.mp4'))
    await banner('refuses the key').waitFor()
    await page.unroute(/\/statuses\?/)
    await page.getByRole('button', { name: 'Watch now' }).press('Enter')
    await banner('refuses the key').waitFor({ state: 'detached' })
    await reads(page, 'unkeyed.mp4', /Waiting|Pending|Processing|Completed/)
  }, 60_000)

  test('shows the budget of the server in a gauge', async () => {
    const gauge = page.getByRole('list', { name: 'Budget of the server' })
    await gauge.getByText('600 requests a minute').waitFor()
    await gauge.getByText(/^\d+ in flight$/).waitFor()
    await gauge.getByText(/^\d+ in the queue/).waitFor()
  }, 60_000)
})

describe('a file', () => {
  /** Drops a file of this many MB. */
  const drop = async (page: Page, name: string, megabytes: number): Promise<void> => {
    const dataTransfer = await page.evaluateHandle(
      ([fileName, count]) => {
        const data = new DataTransfer()
        const part = new Blob([new Uint8Array(1_024 * 1_024)])
        data.items.add(new File(Array<Blob>(count).fill(part), fileName))
        return data
      },
      [name, megabytes] as const,
    )
    await page.dispatchEvent('main', 'drop', { dataTransfer })
  }

  test('that is too large is refused and counted, and never sent', async () => {
    const page = await openDemo(await browser.window(), demo.url)
    const sent: string[] = []
    page.on('request', request => sent.push(request.method()))
    await drop(page, 'whole-film.mov', 101)
    await reads(page, 'whole-film.mov', 'It is 101 MB; the limit is 100 MB. Nothing was sent.')
    await page.getByRole('button', { name: 'Refused 1' }).waitFor()
    expect(sent).not.toContain('POST')
    await page.context().close()
  }, 60_000)

  test('shows the progress of sending it, and can be cancelled', async () => {
    const window = await browser.window()
    const page = await openDemo(window, demo.url)
    const network = await window.newCDPSession(page)
    await network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 500_000,
    })
    await drop(page, 'trailer.mov', 40)
    await reads(page, 'trailer.mov', /Sending [1-9]\d* %/)
    await act(page, 'trailer.mov', 'Cancel')
    await reads(page, 'trailer.mov', 'Cancelled before it was sent.')
    expect(await focused(page)).toBe('Actions for trailer.mov')
    await window.close()
  }, 60_000)
})

test('a folder is refused, a missing clipboard reported, and only rows printed on paper', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'upload-status-folder-'))
  const window = await browser.window()
  await window.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined })
  })
  const page = await openDemo(window, demo.url)
  const hand = await window.newCDPSession(page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await hand.send('Input.dispatchDragEvent', {
      type,
      x: 100,
      y: 100,
      data: { items: [], files: [folder], dragOperationsMask: 1 },
    })
  await reads(
    page,
    basename(folder),
    'It cannot be read: it is a folder, or it was moved or changed.',
  )
  await rm(folder, { recursive: true })

  await pasteUrls(page, url('copied.mp4'))
  await reads(page, 'copied.mp4', /Waiting|Pending|Processing|Completed/)
  await act(page, 'copied.mp4', 'Copy the id')
  await page.getByText('The browser does not let this page copy.').waitFor()

  await page.emulateMedia({ media: 'print' })
  await rowOf(page, 'copied.mp4').first().waitFor()
  for (const name of ['Start uploads', 'Show', 'Actions for copied.mp4'])
    expect(await page.getByLabel(name).first().isVisible()).toBe(false)
  await window.close()
}, 60_000)

test('the layout of a page with rows does not shift while it loads', async () => {
  const page = await openDemo(await browser.window(), demo.url)
  await page.getByRole('heading', { level: 3 }).first().waitFor()
  await page.getByText('600 requests a minute').waitFor()
  const shift = await page.evaluate(
    () =>
      new Promise<number>(resolve => {
        let sum = 0
        new PerformanceObserver(list => {
          for (const entry of list.getEntries())
            sum += 'value' in entry && typeof entry.value === 'number' ? entry.value : 0
        }).observe({ type: 'layout-shift', buffered: true })
        requestAnimationFrame(() => {
          requestAnimationFrame(() => {
            resolve(sum)
          })
        })
      }),
  )
  expect(shift).toBeLessThan(0.05)
  await page.context().close()
}, 60_000)

describe('screen readers', () => {
  let page: Page

  beforeAll(async () => {
    const window = await browser.window()
    const earlier = await openDemo(window, demo.url)
    await addTrouble(earlier, 'Not permitted')
    await pasteUrls(earlier, url('old.mp4'), url('old-failing.mp4'))
    await reads(earlier, 'old.mp4', /Waiting|Pending|Processing|Completed/)
    await until(async () => (await earlier.title()) === 'Uploads')
    await earlier.close()
    // Keeps every announcement, from before the first row.
    await window.addInitScript(() => {
      new MutationObserver(() => {
        const text = document.querySelector('p[role=status]')?.textContent ?? ''
        const said = sessionStorage.getItem('said') ?? ''
        if (text !== '' && !said.endsWith(`${text}\n`))
          sessionStorage.setItem('said', `${said}${text}\n`)
      }).observe(document, { childList: true, characterData: true, subtree: true })
    })
    page = await openDemo(window, demo.url)
  }, 60_000)

  afterAll(() => page.context().close())

  const announced = async (text: string): Promise<readonly string[]> => {
    await page.locator('p[role=status]').filter({ hasText: text }).waitFor()
    const said = await page.evaluate(() => sessionStorage.getItem('said') ?? '')
    return said.trimEnd().split('\n')
  }

  test('hear of new ends only, not of earlier ones that are there at load', async () => {
    await reads(page, 'old.mp4', 'Completed')
    await reads(page, 'old-failing.mp4', 'Failed')
    await reads(page, 'not-permitted.jpg', 'Unknown')
    await pasteUrls(page, url('new.mp4'))
    expect(await announced('new.mp4')).toEqual([expect.stringMatching(/^new\.mp4: Completed\./)])
  }, 60_000)

  test('hear of the end of a watch that was started again', async () => {
    await act(page, 'not-permitted.jpg', 'Watch again')
    const [, again] = await announced('not-permitted.jpg')
    expect(again).toMatch(/^not-permitted\.jpg: Unknown\./)
  }, 60_000)
})
