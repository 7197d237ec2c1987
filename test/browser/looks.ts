import { mkdirSync, readFileSync } from 'node:fs'
import { expect } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openDemo } from './demoPage'
import type { OpenBrowser } from './openBrowser'

const shots = 'node_modules/.cache/screenshots'
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** Display settings of a page. */
interface Look extends BrowserContextOptions {
  readonly dir?: 'rtl'
}

/** Display settings by name; the names of the screenshots contain it. */
export type Looks = Readonly<Record<string, Look>>

const phone = { viewport: { width: 320, height: 780 }, deviceScaleFactor: 2, hasTouch: true }

export const commonLooks = {
  light: { viewport: { width: 1_000, height: 860 }, colorScheme: 'light' },
  dark: { viewport: { width: 1_000, height: 860 }, colorScheme: 'dark' },
  phone,
} as const satisfies Looks

export const otherLooks = {
  'rtl-phone': { ...phone, dir: 'rtl' },
  forced: { viewport: { width: 1_000, height: 860 }, forcedColors: 'active' },
} as const satisfies Looks

/** Too slow for every run of the tests. */
export const slowLooks = {
  rtl: { viewport: { width: 1_000, height: 860 }, dir: 'rtl' },
  large: { viewport: { width: 3_840, height: 2_160 } },
} as const satisfies Looks

/** A name, and how to bring the page into this view. */
export type View = readonly [name: string, show: (page: Page) => Promise<void>]

/** The violations that axe finds, as `rule: element`. */
const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations } = await window.axe.run()
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  })
}

/** Turns the layout of a page around. */
const turn = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.documentElement.dir = 'rtl'
  })

/** Checks each view with each display setting. Motion is reduced, so that nothing is half faded. */
export const lookInAllWays = async (
  browser: OpenBrowser,
  url: string,
  looks: Looks,
  ...views: readonly View[]
): Promise<void> => {
  mkdirSync(shots, { recursive: true })
  for (const [look, { dir, ...options }] of Object.entries(looks)) {
    const window = await browser.window({ ...options, reducedMotion: 'reduce' })
    const page = await openDemo(window, url)
    if (dir !== undefined) await turn(page)
    for (const [name, show] of views) {
      await show(page)
      await page.screenshot({ path: `${shots}/${name}-${look}.png`, fullPage: true })
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect({ look, name, overflow, violations: await violations(page) }).toEqual({
        look,
        name,
        overflow: 0,
        violations: [],
      })
    }
    await window.close()
  }
}
