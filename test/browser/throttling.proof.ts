import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import type { WatchEvent } from 'rx-upload-status'
import { startSandbox, type Sandbox } from 'rx-upload-status/sandbox'
import { until } from '../until'
import { openBackend } from './backend'
import { heard, type Heard } from './heard'
import { openBrowser } from './openBrowser'

// Chromium wakes the timers of a page that was hidden for five minutes once a minute, if each was set by
// another timer. A response of the network breaks that chain, so here the page answers by itself. Five
// seconds are enough by the flag; the minute is fixed, and so this is a proof and no test.

let sandbox: Sandbox
const told: Heard<WatchEvent> = heard()

beforeAll(async () => {
  sandbox = await startSandbox({ framing: 'mixed' })
})

afterAll(() => sandbox.close())

const grace = 'grace_period_seconds/5/grace_period_seconds_loaded/5'
const browser = openBrowser([`--enable-features=IntensiveWakeUpThrottling:${grace}`])
const backend = openBackend({ entry: 'test/browser/pages/watches.ts', sandbox: () => sandbox })

/** A page that counts the seconds which its timers see. */
const openPage = async (): Promise<{ readonly page: Page; readonly seconds: () => number }> => {
  const page = await browser.realWindow().newPage()
  let seconds = 0
  await page.exposeFunction('tell', told.add)
  await page.exposeFunction('count', () => (seconds += 1))
  await page.goto(backend.url())
  await page.evaluate('setInterval(count, 1_000)')
  return { page, seconds: () => seconds }
}

test('a page that is hidden for long polls at least once a minute, if it is to go on', async () => {
  const [hidden, visible] = [await openPage(), await openPage()]
  await hidden.page.evaluate(prefixed_id => {
    window.fetch = () => Promise.resolve(Response.json({ status: 'processing', prefixed_id }))
    window.watch(prefixed_id, 1_000, false)
  }, 'ofapi_media_1')
  const isAttempt = ({ _tag }: WatchEvent): boolean => _tag === 'AttemptStarted'
  await told.until(1, isAttempt)
  await visible.page.bringToFront()
  // By then its timers are held back.
  await until(() => visible.seconds() >= 20)

  const [slept, attempts] = [hidden.seconds(), told.count(isAttempt)]
  const begun = visible.seconds()
  await told.until(attempts + 2, isAttempt)
  const passed = visible.seconds() - begun
  // Its timers were held back, and each minute had a poll.
  expect(hidden.seconds() - slept).toBeLessThan(passed / 4)
  expect(told.count(({ _tag }) => _tag === 'Settled')).toBe(0)
  await Promise.all([hidden.page.close(), visible.page.close()])
}, 300_000)
