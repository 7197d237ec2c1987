import { describe, expect, test } from '@jest/globals'
import { lastValueFrom, toArray } from 'rxjs'
import { spaced, uploadStatus$, type WatchEvent, type WatchOptions } from 'rx-upload-status'
import {
  apiError,
  completed,
  cut,
  delayed,
  failed,
  html,
  json,
  pending,
  processing,
  reply,
  reset,
  silent,
  startSandbox,
  trickle,
  wire,
  type Scenario,
} from 'rx-upload-status/sandbox'
import { axisOf } from '../../docs/playground/axis'
import { codeOf } from '../../docs/playground/codeOf'
import { fasterTime } from '../../docs/playground/fasterTime'
import { pageSandbox } from '../../docs/playground/pageSandbox'
import { scenarios, toJson } from '../../docs/playground/scenarios'
import { defaults, scenarioOf } from '../../docs/playground/settings'
import { emptyStory, inWords, record } from '../../docs/playground/story'

const quick: WatchOptions = { schedule: spaced(1), retry: { base: 1, cap: 1 } }

/** The outcome in an event, without times and error codes of the host. */
const wordOf = (event: WatchEvent): readonly string[] => {
  switch (event._tag) {
    case 'StatusReceived':
      return [event.status]
    case 'AttemptFailed':
      return [event.failure._tag]
    case 'Settled':
      return [`ends ${event.value._tag}`]
    default:
      return []
  }
}

const storyOf = async (
  account: string,
  upload: string,
  options: WatchOptions,
): Promise<readonly string[]> => {
  const words: string[] = []
  const on = (event: WatchEvent): void => void words.push(...wordOf(event))
  const status$ = uploadStatus$(account, upload, { ...quick, ...options, on })
  await lastValueFrom(status$.pipe(toArray()))
  return words
}

describe('the sandbox of the playground answers like the one on a port', () => {
  test.each<[string, Scenario]>([
    ['statuses', [pending(), delayed(5, processing()), completed()]],
    ['an upload that failed', [failed('no video')]],
    ['a bad gateway', [html(502), completed()]],
    ['a rejection', [pending(), apiError(403, 'no')]],
    ['a wait', [apiError(503, 'later', { headers: { 'retry-after': '0' } }), completed()]],
    ['a redirect', [reply(302, { location: 'https://other.example/' })]],
    ['no body', [reply(204), completed()]],
    ['an unknown status', [json(200, { status: 'archived', prefixed_id: 'x' }), completed()]],
    // cross-fetch does not notice the orderly end of a connection in the middle of a body.
    ['half a body', [cut(processing(), { by: 'reset' }), completed()]],
    ['a slow body', [trickle(processing(), { every: 1, bytes: 40 }), completed()]],
    ['a reset', [reset(), completed()]],
    ['what is not HTTP', [wire('nonsense\r\n\r\n'), completed()]],
  ])('%s', async (_, scenario) => {
    const page = pageSandbox(scenario)
    const inPage = await storyOf(page.account, page.upload, page.options)
    const sandbox = await startSandbox()
    const { account, upload } = sandbox.script('acct_1', scenario)
    const { url: baseUrl, apiKey } = sandbox
    const overHttp = await storyOf(account, upload, { baseUrl, apiKey })
    await sandbox.close()
    expect(inPage).toEqual(overHttp)
    expect(inPage.at(-1)).toMatch(/^ends /)
  })

  test('no answer until the attempt is aborted', async () => {
    const { account, upload, options } = pageSandbox([silent()])
    const once = { ...options, attemptTimeout: 1, retry: { retries: 0 } }
    expect(await storyOf(account, upload, once)).toEqual(['TimedOut', 'ends Left'])
  })
})

describe('a scenario of the playground', () => {
  test.each(scenarios)('survives the text field: $title', ({ scenario }) => {
    expect(scenarioOf({ scenario: toJson(scenario) })).toEqual(scenario)
  })
})

test('the program in the playground contains only the options that differ from the defaults', () => {
  const scenario = toJson([failed("it's 1"), completed()])
  expect(codeOf({ ...defaults, scenario })).not.toMatch(/schedule|retry|deadline|emit:/)
  const settings = { schedule: 'spaced(1_000)', retries: 2, deadline: 90, emit: 'every' } as const
  const code = codeOf({ ...defaults, ...settings, scenario })
  expect(code).toContain("import { describe, spaced, uploadStatus$ } from 'rx-upload-status'")
  expect(code).toContain("  { kind: 'failed', error: 'it\\'s 1' },\n  { kind: 'completed' },\n")
  expect(code).toContain(
    "  schedule: spaced(1_000),\n  retry: { retries: 2 },\n  deadline: 90_000,\n  emit: 'every',\n",
  )
})

test('a thread with faster time has shorter timers and a faster clock', () => {
  const waits: number[] = []
  const note = (_: () => void, ms = 0): number => waits.push(ms)
  const thread = { setTimeout: note, setInterval: note, performance: { now: () => 7 } }
  fasterTime(thread, 20)
  thread.setTimeout(() => undefined, 1_000)
  thread.setInterval(() => undefined, 500)
  expect([waits, thread.performance.now()]).toEqual([[50, 25], 140])
})

test('the picture shows each attempt from start to outcome, and describes the values in words', () => {
  const watched = { account: 'acct_1', upload: 'ofapi_media_1' }
  const status = { status: 'processing', prefixed_id: 'ofapi_media_1' } as const
  const story = [
    { _tag: 'AttemptStarted', at: 1, attempt: 1, late: 0, ...watched } as const,
    { _tag: 'StatusReceived', at: 300, status: 'processing', via: 'poll', ...watched } as const,
    { _tag: 'PollScheduled', at: 300, wait: 900, polls: 1, ...watched } as const,
  ].reduce((before, event) => record(before, { kind: 'event', at: event.at, event }), emptyStory)
  const ended = record(
    record(story, { kind: 'value', at: 300, value: { _tag: 'Right', right: status } }),
    { kind: 'complete', at: 2_000 },
  )
  expect(ended).toMatchObject({
    attempts: [{ from: 1, to: 300, tone: 'status' }],
    waits: [{ from: 300, to: 1_200, isRetry: false }],
    endedAt: 2_000,
  })
  expect(inWords(ended)).toBe('Right(processing) at 0.3 s, complete at 2.0 s')
  expect(inWords(emptyStory)).toBe('no value yet')
})

test.each([
  [320, 3_000],
  [320, 4_000_000],
  [1_000, 60_000],
])('the ticks of an axis of %d pixels and %d ms do not overlap', (width, latest) => {
  const { end, x, ticks } = axisOf(latest, width)
  expect(end).toBeGreaterThanOrEqual(latest)
  const places = ticks.map(second => x(second * 1_000))
  for (const [nth, place] of places.entries())
    if (nth > 0) expect(place - (places[nth - 1] ?? 0)).toBeGreaterThan(36)
  expect(places.at(-1)).toBeLessThanOrEqual(width)
})
