import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import * as t from 'io-ts'
import type { Page } from 'playwright-core'
import { until } from '../until'
import { act, addTrouble, focused, openDemo, openMenu, pasteUrls, reads, rowOf } from './demoPage'
import { openBrowser } from './openBrowser'
import { startDemo, type RunningDemo } from './startDemo'

// What can be done to the rows of the demo, by keyboard.

let demo: RunningDemo

beforeAll(async () => {
  demo = await startDemo()
}, 60_000)

afterAll(() => demo.interrupt(), 15_000)

const browser = openBrowser()

const url = (name: string): string => `https://media.example/${name}`

const copied = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

/** Runs a program as its reader would, with the package installed. */
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
    // From here on the relay does not answer: nothing that goes on comes to an end.
    await page.route('**/statuses?*', () => undefined)
    await pasteUrls(page, url('long.mp4'))
    await reads(page, 'long.mp4', 'Waiting')
  }, 60_000)

  afterAll(() => page.context().close())

  test('are in a menu that arrows move in, and that Escape closes', async () => {
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

  test('stop a watch and start it again, and leave the focus where it was', async () => {
    await act(page, 'long.mp4', 'Stop watching')
    await reads(page, 'long.mp4', 'Stopped')
    await act(page, 'long.mp4', 'Watch again')
    await reads(page, 'long.mp4', 'Waiting')
    expect(await focused(page)).toBe('Actions for long.mp4')
  })

  test('copy the id, and code that does what the page does', async () => {
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

  test('take a row off the board, and the focus to the next one', async () => {
    await act(page, 'long.mp4', 'Dismiss')
    await rowOf(page, 'long.mp4').waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('Actions for not-permitted.jpg')
  })

  test('of which the last leaves the focus where uploads are started', async () => {
    await page
      .getByRole('button', { name: 'Clear ended' })
      .or(rowOf(page, 'none'))
      .first()
      .waitFor()
    await act(page, 'not-permitted.jpg', 'Dismiss')
    await page.getByText('Nothing is under way').waitFor()
    expect(await focused(page)).toBe('urls')
  })
})

test('“Retry failed” sends again what was refused, and the focus stays on the board', async () => {
  const page = await openDemo(await browser.window(), demo.url)
  await page.route('**/uploads?*', route => route.abort())
  await pasteUrls(page, url('first.mp4'), url('second.mp4'))
  await reads(page, 'second.mp4', 'The server of this page cannot be reached.')
  await page.getByRole('button', { name: 'Refused 2' }).waitFor()
  // What was pasted together stays in its order.
  const names = await page.getByRole('heading', { level: 3 }).allTextContents()
  expect(names.slice(0, 2)).toEqual(['first.mp4', 'second.mp4'])
  await page.unroute('**/uploads?*')
  await page.getByRole('button', { name: 'Retry failed' }).press('Enter')
  for (const name of ['first.mp4', 'second.mp4'])
    await reads(page, name, /Waiting|Pending|Processing|Completed/)
  await until(async () => (await focused(page)).startsWith('All '))
  await page.context().close()
})
