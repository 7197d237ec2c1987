import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from './openBrowser'
import { serveSite, type ServedSite } from './serveSite'

// The documentation site as readers see it: built by its command, and opened in Chromium.

const folder = resolve('node_modules/.cache/site')
const shots = 'node_modules/.cache/screenshots'
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** The timeout of a build on a slow machine. */
const patience = 300_000

let site: ServedSite

beforeAll(async () => {
  mkdirSync(shots, { recursive: true })
  // The build fails on a link to a missing page.
  await promisify(execFile)('npm', ['run', '--silent', 'docs'])
  site = await serveSite(folder)
}, patience)

afterAll(() => site.close())

const browser = openBrowser()

/** Opens a page of the site, and waits until it reacts to input. */
const openPage = async (page: Page, path: string): Promise<void> => {
  await page.goto(site.origin + path)
  await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}))
}

const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations } = await window.axe.run()
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  })
}

const pages = [
  ['home', '/'],
  ['guide', '/docs/concepts.html'],
  ['reference', '/docs/reference.html'],
  ['playground', '/docs/playground.html'],
] as const

const phone = { viewport: { width: 320, height: 780 }, hasTouch: true, reducedMotion: 'reduce' }

describe.each(['light', 'dark'] as const)('on a phone, in a %s theme', colorScheme => {
  test.each(pages)(
    'a page is accessible, and not wider than the screen: %s',
    async (name, path) => {
      const options = { ...phone, colorScheme } as BrowserContextOptions
      const window = await browser.window(options)
      const origins = new Set<string>()
      window.on('request', request => origins.add(new URL(request.url()).origin))
      const page = await window.newPage()
      await openPage(page, path)
      await page.screenshot({ path: `${shots}/site-${name}-${colorScheme}.png` })
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect({ overflow, violations: await violations(page), origins: [...origins] }).toEqual({
        overflow: 0,
        violations: [],
        // No font, script or picture comes from another server.
        origins: [site.origin],
      })
      await window.close()
    },
    patience,
  )
})

describe('the playground', () => {
  test(
    'runs a scenario by keyboard, and shows attempts, marbles and code',
    async () => {
      const window = await browser.window(phone as BrowserContextOptions)
      const page = await window.newPage()
      await openPage(page, '/docs/playground.html')
      const status = page.getByRole('status').first()
      await page.getByLabel('Scenario', { exact: true }).selectOption('A bad gateway, three times')
      await page.getByLabel('Speed').selectOption('20')
      await page.getByRole('button', { name: 'Run' }).press('Enter')
      await status.filter({ hasText: /Ended: .*Right\(completed\)/ }).waitFor({ timeout: patience })
      const events = page.getByRole('list', { name: 'What happens' })
      for (const line of [/attempt 1: pending/, /HTTP 502/, /retry in/, /ends: .* completed/])
        await events.getByRole('listitem').filter({ hasText: line }).first().waitFor()
      await page.getByRole('img', { name: /The stream: Right\(pending\) at/ }).waitFor()
      const code = page.getByRole('region', { name: 'The same as a program' })
      await code.filter({ hasText: "{ kind: 'html', status: 502, times: 3 }," }).waitFor()
      await page.screenshot({ path: `${shots}/site-played.png`, fullPage: true })
      expect(await violations(page)).toEqual([])
      await window.close()
    },
    patience,
  )

  test(
    'obeys its options: without retries the same scenario ends with a failure',
    async () => {
      const window = await browser.window()
      const page = await window.newPage()
      await openPage(page, '/docs/playground.html')
      await page.getByLabel('Scenario', { exact: true }).selectOption('A bad gateway, three times')
      await page.getByLabel('Retries').fill('0')
      await page.getByLabel('Speed').selectOption('20')
      await page.getByRole('button', { name: 'Run' }).click()
      const ended = page.getByRole('status').filter({ hasText: /Ended: .*Left\(Unavailable\)/ })
      await ended.waitFor({ timeout: patience })
      await page.getByText('retry: { retries: 0 },').waitFor()
      await page.getByText('Edit the scenario').click()
      await page.getByLabel(/The answers to the polls/).fill('[{ "kind": "html" }]')
      await page.getByRole('alert').filter({ hasText: 'scenario[0].status' }).waitFor()
      expect(await page.getByRole('button', { name: 'Run' }).isDisabled()).toBe(true)
      await window.close()
    },
    patience,
  )
})

test(
  'the search finds a page by a word in it',
  async () => {
    const window = await browser.window()
    const page = await window.newPage()
    await openPage(page, '/')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.locator('#localsearch-input').fill('notFoundGrace')
    await page.getByRole('option').filter({ hasText: 'Troubleshooting' }).first().waitFor()
    await window.close()
  },
  patience,
)

test(
  'opened as files, pages have styles and pictures, and their links work',
  async () => {
    const window = await browser.window()
    const page = await window.newPage()
    await page.goto(pathToFileURL(join(folder, 'docs/cookbook/batch.html')).href)
    await page.getByRole('link', { name: 'Get started' }).first().click()
    await page.waitForURL(pathToFileURL(join(folder, 'docs/get-started.html')).href)
    await page.goto(pathToFileURL(join(folder, 'docs/concepts.html')).href)
    const broken = await page.evaluate(() =>
      [...document.images].filter(({ naturalWidth }) => naturalWidth === 0).map(({ src }) => src),
    )
    expect(broken).toEqual([])
    expect(await page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(0)
    await window.close()
  },
  patience,
)

describe('a site with two versions', () => {
  const versions = resolve('node_modules/.cache/site-versions')
  let beside: ServedSite

  beforeAll(async () => {
    rmSync(versions, { recursive: true, force: true })
    mkdirSync(join(versions, '0.0.9'), { recursive: true })
    writeFileSync(join(versions, '0.0.9/index.html'), '<title>The older one</title>')
    const env = { ...process.env, DOCS_VERSION: 'next' }
    await promisify(execFile)('npm', ['run', '--silent', 'docs'], { env })
    beside = await serveSite(versions)
  }, patience)

  afterAll(() => beside.close())

  test(
    'lists the other version in an accessible menu that works by keyboard',
    async () => {
      const window = await browser.window()
      const page = await window.newPage()
      await page.goto(`${beside.origin}/next/docs/concepts.html`)
      const menu = page.getByRole('button', { name: 'next', exact: true })
      await menu.focus()
      await page.keyboard.press('Enter')
      const other = page.getByRole('link', { name: '0.0.9' })
      await other.waitFor({ timeout: patience })
      expect(await violations(page)).toEqual([])
      await other.press('Enter')
      await page.waitForURL(`${beside.origin}/0.0.9/index.html`)
      expect(await page.title()).toBe('The older one')
      await window.close()
    },
    patience,
  )

  test('redirects from the top to the newest release', async () => {
    const window = await browser.window()
    const page = await window.newPage()
    await page.goto(`${beside.origin}/`)
    await page.waitForURL(`${beside.origin}/0.0.9/index.html`)
    await window.close()
  })
})

describe('the links of the built pages', () => {
  const filesOf = (): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file =>
      file.endsWith('.html'),
    )

  test('lead to existing files and headings', () => {
    const files = filesOf()
    const pagesByFile = new Map(files.map(file => [file, readFileSync(join(folder, file), 'utf8')]))
    const isThere = (file: string, link: string): boolean => {
      const [path = '', anchor = ''] = decodeURI(link).split('#')
      const local = path.startsWith('/') ? path.slice(1) : join(dirname(file), path)
      const target = path === '' ? file : /(^|\/)$/.test(local) ? `${local}index.html` : local
      const page = pagesByFile.get(target)
      return page !== undefined && (anchor === '' || page.includes(` id="${anchor}"`))
    }
    const broken = [...pagesByFile].flatMap(([file, html]) =>
      Array.from(html.matchAll(/<a [^>]*?href="([^"]*)"/g), ([, link = '']) => link)
        .filter(link => !/^(https?:|mailto:)/.test(link) && !isThere(file, link))
        .map(link => `${file}: ${link}`),
    )
    expect(broken).toEqual([])
    expect(files.length).toBeGreaterThan(70)
  })
})
