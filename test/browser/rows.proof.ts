import { afterAll, beforeAll, expect, test } from '@jest/globals'
import * as t from 'io-ts'
import type { CDPSession, Page } from 'playwright-core'
import { offers } from '../../docs/demo/page/offers'
import { startDemo, type Demo } from '../../docs/demo/startDemo'
import { openDemo, openRow, pasteUrls } from './demoPage'
import { commonLooks, lookInAllWays, otherLooks, slowLooks } from './looks'
import { openBrowser } from './openBrowser'

// Many rows in the demo: their cost in the browser, and their accessibility.

let demo: Demo
/** Its budget is large enough to poll hundreds of uploads several times. */
let quick: Demo

beforeAll(async () => {
  demo = await startDemo()
  quick = await startDemo({ perMinute: 60_000 })
}, 60_000)

afterAll(() => Promise.all([demo.close(), quick.close()]))

const browser = openBrowser()

const urls = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `https://media.example/clip-${String(i)}.mp4`)

const TraceEvent = t.intersection([
  t.type({ name: t.string, pid: t.number, ts: t.number }),
  t.partial({ tdur: t.number }),
])

/** The events that Chromium traces during an action. */
const traced = async (
  session: CDPSession,
  action: () => Promise<void>,
): Promise<readonly t.TypeOf<typeof TraceEvent>[]> => {
  const events: t.TypeOf<typeof TraceEvent>[] = []
  session.on('Tracing.dataCollected', ({ value }) => {
    const all: readonly unknown[] = value
    events.push(...all.filter(TraceEvent.is))
  })
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] },
  })
  await action()
  const complete = new Promise(resolve => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await complete
  return events
}

/** Marks this moment in the trace. */
const mark = (page: Page, name: string): Promise<void> =>
  page.evaluate(each => {
    performance.mark(each)
  }, name)

const completedOf = async (page: Page): Promise<number> => {
  const text = await page.getByRole('button', { name: /^Completed \d+$/ }).textContent()
  return Number(/\d+/.exec(text ?? '')?.[0])
}

/** Processor time in milliseconds, not time on the clock: other programs may be running. */
test('while 2,000 rows are updated, no task takes more than 50 ms', async () => {
  const page = await openDemo(await browser.window(), demo.url)
  const events = await traced(await browser.session(), async () => {
    await pasteUrls(page, ...urls(2_000))
    await page.getByRole('button', { name: 'All 2000' }).waitFor()
    await mark(page, 'begin')
    await page.getByRole('button', { name: /^Completed \d{3}$/ }).waitFor({ timeout: 120_000 })
    await mark(page, 'end')
  })
  expect(await completedOf(page)).toBeGreaterThanOrEqual(100)
  const [begin, end] = ['begin', 'end'].map(name => events.find(event => event.name === name))
  const tasks = events.filter(
    ({ name, pid, ts }) =>
      name === 'ThreadControllerImpl::RunTask' &&
      pid === begin?.pid &&
      ts > begin.ts &&
      ts < (end?.ts ?? 0),
  )
  const longest = tasks.reduce((most, { tdur = 0 }) => Math.max(most, tdur / 1_000), 0)
  console.log(`${String(tasks.length)} tasks, the longest ${longest.toFixed(1)} ms`)
  expect(tasks.length).toBeGreaterThan(100)
  expect(longest).toBeLessThan(50)
  await page.context().close()
}, 180_000)

test('200 rows with every trouble are accessible', async () => {
  const troubles = offers.map(([name]) => `https://media.example/${name}`)
  const refused = 'ftp://media.example/refused.gif'
  await lookInAllWays(browser, quick.url, { ...commonLooks, ...otherLooks, ...slowLooks }, [
    'many',
    async page => {
      await pasteUrls(page, refused, ...troubles, ...urls(200))
      await page.getByRole('button', { name: /^Refused \d+$/ }).waitFor({ timeout: 60_000 })
      await page.getByRole('button', { name: /^Unknown \d+$/ }).waitFor({ timeout: 60_000 })
      await openRow(page, 'bad-gateway.mp4')
    },
  ])
}, 300_000)
