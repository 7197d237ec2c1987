import { describe as group, expect, test } from '@jest/globals'
import type { Either } from 'fp-ts/Either'
import { lastValueFrom, materialize, toArray, type Observable } from 'rxjs'
import { createUploadStatusClient } from '../../src/client'
import { describe } from '../../src/failure/match'
import type { WatchEvent } from '../../src/watch/event'
import type { Failure } from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import type { WatchOptions } from '../../src/options'
import { requestBudget } from '../../src/budget/requestBudget'
import type { Fetch } from '../../src/http/fetch'
import { uploadOutcome } from '../../src/uploadOutcome'
import { uploadStatus$ } from '../../src/uploadStatus'
import { ref } from '../answers'
import { whole } from '../http/rawServer'
import { wire } from '../http/wire'
import { canaries, sightings } from './canary'
import { kinds, paths, type Path } from './paths'

type Value = Either<Failure, UploadStatus>

const { account, upload } = ref

const watchers: readonly ((options: WatchOptions) => Observable<Value>)[] = [
  options => uploadStatus$(account, upload, options),
  options => createUploadStatusClient(options).uploadStatus$(account, upload),
]

const ownFetch: Fetch = (url, init) => globalThis.fetch(url, init)

const fetches: readonly (readonly [string, WatchOptions])[] = [
  ['cross-fetch', {}],
  ['the fetch of Node', { fetch: ownFetch }],
]

const wordFor = (value: Value | undefined): string | undefined =>
  value?._tag === 'Left' ? value.left._tag : value?.right.status

/** Watches to the end, and returns its name and everything that a user can read on the way. */
const witness = async (
  watchBy$: (options: WatchOptions) => Observable<Value>,
  options: WatchOptions,
) => {
  const events: WatchEvent[] = []
  const watch$ = watchBy$({ ...options, on: event => events.push(event) })
  const heard = await lastValueFrom(watch$.pipe(materialize(), toArray()))
  const values = heard.flatMap(each => (each.kind === 'N' ? [each.value] : []))
  const failures = [
    ...values.flatMap(value => (value._tag === 'Left' ? [value.left] : [])),
    ...events.flatMap(event => (event._tag === 'AttemptFailed' ? [event.failure] : [])),
  ]
  return {
    end: wordFor(values.at(-1)),
    evidence: [watch$, heard, events, failures.map(failure => describe(failure))],
  }
}

group.each(canaries)('the key %s', key => {
  const optionsOf = async ({ reply, options }: Path): Promise<WatchOptions> => ({
    baseUrl: reply === undefined ? 'http://127.0.0.1:9' : (await wire(reply)).url,
    apiKey: key,
    retry: { retries: 1, base: 1, cap: 1 },
    ...options,
  })

  group.each(fetches)('with %s', (_, fetch) => {
    test.each(Object.entries(paths))('is not readable after %s', async (_, pathOf) => {
      for (const watchBy$ of watchers) {
        const path = pathOf(key)
        const options = { ...fetch, ...(await optionsOf(path)) }
        const { end, evidence } = await witness(watchBy$, options)
        expect(end).toBe(path.end)
        expect(sightings(evidence)).toEqual([])
      }
    })

    test('is not readable while a request runs', async () => {
      const server = await wire(() => undefined)
      const budget = requestBudget({ perMinute: 60 })
      const options = { ...fetch, baseUrl: server.url, apiKey: key, budget }
      const client = createUploadStatusClient(options)
      const watches = [
        uploadStatus$(account, upload, options),
        client.uploadStatus$(account, upload),
      ]
      const subscriptions = watches.map(watch$ => watch$.subscribe())
      await server.heard(2)
      expect(sightings([server.requests])).not.toEqual([])
      expect(sightings([budget, client, watches, subscriptions])).toEqual([])
      for (const subscription of subscriptions) subscription.unsubscribe()
      expect(sightings([budget, client, watches, subscriptions])).toEqual([])
    })
  })

  test('is not readable in a task or its result', async () => {
    const reply = whole(401, JSON.stringify({ error: key }))
    const options = await optionsOf({ reply, end: 'Rejected' })
    const task = uploadOutcome(account, upload, options)
    expect(sightings([task, await task()])).toEqual([])
  })

  test('is not redacted in base64, which is a documented limit', async () => {
    const error = Buffer.from(key).toString('base64')
    const reply = whole(401, JSON.stringify({ error }))
    const { evidence } = await witness(
      options => uploadStatus$(account, upload, options),
      await optionsOf({ reply, end: 'Rejected' }),
    )
    expect(JSON.stringify(evidence)).toContain(error)
  })
})

test('every kind of failure is the end of at least one path', () => {
  const ends = new Set(Object.values(paths).map(pathOf => pathOf(canaries[0]).end))
  expect(Object.keys(kinds).filter(kind => !ends.has(kind as Failure['_tag']))).toEqual([])
})
