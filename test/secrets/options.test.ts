import { describe, expect, test } from '@jest/globals'
import { lastValueFrom, materialize, NEVER, toArray } from 'rxjs'
import { createUploadStatusClient } from '../../src/client'
import { parsePollingUrl } from '../../src/api/endpoint'
import type { WatchOptions } from '../../src/options'
import { requestBudget } from '../../src/budget/requestBudget'
import { retryTransient } from '../../src/operators/retryTransient'
import { exponential, jittered, proportional, spaced } from '../../src/watch/schedule'
import { startSandbox } from '../../src/sandbox'
import { uploadOutcome } from '../../src/uploadOutcome'
import { uploadStatus$ } from '../../src/uploadStatus'
import { pending, ref } from '../answers'
import { canaries, sightings } from './canary'

/** A wrong type, as a mistake in JavaScript may pass it. */
type Untyped = never

/** A key in the wrong place, for every option. The types require all of them. */
const misplaced = (
  key: string,
): { readonly [Name in keyof WatchOptions]-?: readonly unknown[] } => ({
  apiKey: [{ key }, [key], new Error(key)],
  baseUrl: [],
  fetch: [key, { key }],
  headers: [key, { authorization: `Bearer ${key}\n` }, { x: { key } }],
  schedule: [key, { key }],
  retry: [key, { [key]: 1 }, { retries: key }],
  attemptTimeout: [key, { key }],
  deadline: [key, [key]],
  notFoundGrace: [key],
  stalledAfter: [key],
  budget: [key, { key }],
  activity$: [key, { key }],
  push: [key, { key }, { statuses$: key }, { statuses$: NEVER, alive$: key }],
  safetyNet: [key, { key }],
  poll$: [key, { key }],
  request: [key, { key }],
  emit: [key],
  onUnknownStatus: [key],
  signal: [key, { key }],
  on: [key, { key }],
  random: [key],
  clock: [key],
})

const thrownBy = (make: () => unknown): unknown => {
  try {
    make()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe.each(canaries)('the key %s', key => {
  const all = Object.entries(misplaced(key)).flatMap(([name, values]) =>
    values.map((value, nth) => [`${name} (${String(nth + 1)})`, { [name]: value }] as const),
  )

  test.each(all)('is not in the error for the option %s', (_, options) => {
    const { account, upload } = ref
    const errors = [
      thrownBy(() => uploadStatus$(account, upload, options)),
      thrownBy(() => uploadOutcome(account, upload, options)),
      thrownBy(() => createUploadStatusClient(options)),
    ]
    expect(sightings(errors)).toEqual([])
  })

  test.each<[string, (key: Untyped) => unknown]>([
    ['perMinute of requestBudget', perMinute => requestBudget({ perMinute })],
    ['burst of requestBudget', burst => requestBudget({ perMinute: 1, burst })],
    ['spaced', spaced],
    ['exponential', first => exponential({ first, factor: 1, cap: 1 })],
    ['proportional', ratio => proportional({ ratio, min: 1, max: 1 })],
    ['jittered', fraction => jittered(spaced(1), fraction)],
    ['retryTransient', retries => retryTransient({ retries, base: 1, cap: 1 })],
  ])('is not in the error for %s', (_, make) => {
    expect(sightings(thrownBy(() => make(key as Untyped)))).toEqual([])
  })

  test('is not in the error if a schedule returns it', async () => {
    const watch$ = uploadStatus$(ref.account, ref.upload, {
      apiKey: key,
      schedule: () => key as Untyped,
      fetch: () =>
        Promise.resolve({
          status: 200,
          headers: { get: () => null },
          text: () => Promise.resolve(JSON.stringify(pending)),
        }),
    })
    const heard = await lastValueFrom(watch$.pipe(materialize(), toArray()))
    expect(heard.at(-1)).toMatchObject({ kind: 'E', error: expect.any(TypeError) })
    expect(sightings(heard)).toEqual([])
  })

  test.each([
    ['a polling URL', () => parsePollingUrl(`https://app.onlyfansapi.com/${key}?key=${key}`)],
    ['the base of a polling URL', () => parsePollingUrl(polling, { baseUrl: `https://${key}@x` })],
    ['a polling URL that is not a URL', () => parsePollingUrl(key)],
  ])('is not in the failure of %s', (_, parse) => {
    const answer = parse()
    expect(answer._tag).toBe('Left')
    expect(sightings(answer)).toEqual([])
  })

  test.each<[string, object]>([
    ['apiKey', { apiKey: `${key}\n` }],
    ['host', { host: { key } }],
    ['publicUrl', { publicUrl: `https://user:${key}@x` }],
    ['accounts', { accounts: [`${key}\n`] }],
    ['port', { port: key }],
    ['seed', { seed: key }],
  ])('is not in the error of a sandbox for the option %s', async (_, options) => {
    const error: unknown = await startSandbox(options).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(sightings(error)).toEqual([])
  })
})

const polling = 'https://app.onlyfansapi.com/api/acct_1/media/uploads/ofapi_media_1/status'
