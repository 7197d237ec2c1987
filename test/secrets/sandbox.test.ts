import { describe, expect, test } from '@jest/globals'
import { lastValueFrom, materialize, toArray } from 'rxjs'
import type { WatchEvent } from '../../src/watch/event'
import {
  apiError,
  completed,
  cut,
  failed,
  html,
  json,
  pending,
  processing,
  reply,
  reset,
  sandboxAccount,
  silent,
  trickle,
  wire,
  type SandboxEvent,
  type Scenario,
  type ScriptedAnswer,
} from '../../src/sandbox'
import { uploadStatus$ } from '../../src/uploadStatus'
import { openSandbox } from '../sandbox/openSandbox'
import { canaries, sightings } from './canary'

/** Every kind of answer, with the key wherever possible. The types require all of them. */
const answers = (
  key: string,
): { readonly [Kind in ScriptedAnswer['kind']]: Extract<ScriptedAnswer, { kind: Kind }> } => ({
  pending: pending(),
  processing: processing(),
  completed: completed('upload'),
  failed: failed(key),
  apiError: apiError(403, key, { headers: { 'x-key': key, 'retry-after': key } }),
  json: json(200, { status: key, prefixed_id: key, [key]: [key] }, { 'x-key': key }),
  html: html(502),
  reply: reply(302, { location: `https://${key}.example/${key}` }, key),
  cut: cut(reply(200, {}, `{"error":"${key}`), { after: 0.9 }),
  trickle: trickle(reply(200, {}, key), { every: 5, bytes: 8 }),
  reset: reset(),
  silent: silent(),
  wire: wire(`HTTP/1.1 200 ${key}\r\n${key}: ${key}\r\n\r\n${key}`),
})

describe.each(canaries)('the key %s of a sandbox', key => {
  const names = Object.keys(answers(key)) as readonly ScriptedAnswer['kind'][]

  test.each(names)('is not readable in a watch or the sandbox after the answer %s', async kind => {
    const reported: SandboxEvent[] = []
    const sandbox = await openSandbox({ apiKey: key, on: event => reported.push(event) })
    const scenario: Scenario = [pending(), answers(key)[kind], completed()]
    const { account, upload } = sandbox.script(sandboxAccount, scenario)
    const events: WatchEvent[] = []
    const watch$ = uploadStatus$(account, upload, {
      baseUrl: sandbox.url,
      apiKey: key,
      schedule: () => 1,
      retry: { base: 1, cap: 1 },
      attemptTimeout: 150,
      emit: 'every',
      on: event => events.push(event),
    })
    const heard = await lastValueFrom(watch$.pipe(materialize(), toArray()))
    expect(heard.at(-1)).toMatchObject({ kind: 'C' })
    // On a busy machine the first answer may come after the timeout.
    expect(heard.length).toBeGreaterThanOrEqual(2)
    expect(sightings([watch$, heard, events])).toEqual([])
    expect(reported.length).toBeGreaterThanOrEqual(2)
    expect(sightings([reported, sandbox.requests(), sandbox.counts(), sandbox.warnings])).toEqual(
      [],
    )
  })

  test('is not in the event of a request with the key in its path', async () => {
    const reported: SandboxEvent[] = []
    const sandbox = await openSandbox({ apiKey: key, on: event => reported.push(event) })
    await fetch(`${sandbox.url}/api/${encodeURIComponent(key)}/x?key=${encodeURIComponent(key)}`)
    expect(reported).toHaveLength(1)
    expect(sightings([reported, sandbox.requests()])).toEqual([])
  })
})
