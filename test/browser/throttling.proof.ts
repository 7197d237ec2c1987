import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import type { WatchEvent } from 'rx-upload-status'
import { startSandbox, type Sandbox } from 'rx-upload-status/sandbox'
import { until } from '../until'
import { openBackend } from './backend'
import { heard, type Heard } from './heard'
import { openBrowser } from './openBrowser'

// After a page was hidden for five minutes, Chromium runs its chained timers only once a minute. A network
// response would break the chain, so here the page answers its own requests. The flag shortens the five
// minutes to five seconds; the minute is fixed, so this is a proof and not a test.

let sandbox: Sandbox
const events: Heard<WatchEvent> = heard()

beforeAll(async () => {
  sandbox = await startSandbox({ framing: 'mixed' })
})

afterAll(() => sandbox.close())

const grace = 'grace_period_seconds/5/grace_period_seconds_loaded/5'
const browser = openBrowser([`--enable-features=IntensiveWakeUpThrottling:${grace}`])
const backend = openBackend({ entry: 'test/browser/pages/watches.ts', sandbox: () => sandbox })

/** A page that counts the ticks of a 1 s timer. */
const openPage = async (): Promise<{ readonly page: Page; readonly seconds: () => number }> => {
  const page = await browser.realWindow().newPage()
  let seconds = 0
  await page.exposeFunction('tell', events.add)
  await page.exposeFunction('count', () => (seconds += 1))
  await page.goto(backend.url())
  await page.evaluate('setInterval(count, 1_000)')
  return { page, seconds: () => seconds }
}

test('a page that is hidden for long polls at least once a minute, with activity$: of(true)', async () => {
  const [hidden, visible] = [await openPage(), await openPage()]
  await hidden.page.evaluate(prefixed_id => {
    window.fetch = () => Promise.resolve(Response.json({ status: 'processing', prefixed_id }))
    window.watch(prefixed_id, 1_000, false)
  }, 'ofapi_media_1')
  const isAttempt = ({ _tag }: WatchEvent): boolean => _tag === 'AttemptStarted'
  await events.until(1, isAttempt)
  await visible.page.bringToFront()
  // By then the timers of the hidden page are throttled.
  await until(() => visible.seconds() >= 20)

  const [slept, attempts] = [hidden.seconds(), events.count(isAttempt)]
  const begun = visible.seconds()
  await events.until(attempts + 2, isAttempt)
  const passed = visible.seconds() - begun
  // Its timers were throttled, and each minute had a poll.
  expect(hidden.seconds() - slept).toBeLessThan(passed / 4)
  expect(events.count(({ _tag }) => _tag === 'Settled')).toBe(0)
  await Promise.all([hidden.page.close(), visible.page.close()])
}, 300_000)
