import { describe, expect, jest, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { firstValueFrom, lastValueFrom, NEVER, of, toArray } from 'rxjs'
import {
  createUploadStatusClient,
  type ClientOptions,
  type UploadStatusClient,
} from '../src/client'
import type { ClientSnapshot } from '../src/clientSnapshot'
import type { WatchEvent } from '../src/watch/event'
import { spaced } from '../src/watch/schedule'
import { completed, pending, processing, ref } from './answers'

const { account, upload } = ref

/** A client whose uploads are always processing. */
const clientOf = (options: ClientOptions = {}): UploadStatusClient =>
  createUploadStatusClient({
    request: () => of(right(processing)),
    schedule: spaced(1_000_000),
    deadline: Infinity,
    ...options,
  })

/** A snapshot, through JSON, of a client with one watch after one poll. */
const taken = async (options: ClientOptions = {}): Promise<ClientSnapshot> => {
  const client = clientOf(options)
  const status$ = client.uploadStatus$(account, upload)
  const following = status$.subscribe()
  await firstValueFrom(status$)
  const text = JSON.stringify(client.snapshot())
  following.unsubscribe()
  await client.close()
  return JSON.parse(text) as ClientSnapshot
}

/** A snapshot as if it had been taken this many ms earlier. */
const after = (snapshot: ClientSnapshot, ms: number): ClientSnapshot => ({
  ...snapshot,
  takenAt: snapshot.takenAt - ms,
})

describe('a snapshot of a client', () => {
  test('contains the watches that have not ended', async () => {
    const client = clientOf({
      request: ({ upload }) =>
        of(right(upload === 'ended' ? { ...completed, prefixed_id: upload } : processing)),
    })
    await firstValueFrom(client.uploadStatus$(account, 'ended'))
    const goesOn = client.uploadStatuses$([{ account, upload, hint: 5_000 }]).subscribe()
    await firstValueFrom(client.uploadStatus$(account, upload))
    const illegal = client.uploadStatus$('no account', '../..').subscribe()
    const before = Date.now()
    const { takenAt, ...snapshot } = client.snapshot()
    expect(takenAt - before).toBeGreaterThanOrEqual(0)
    expect(snapshot).toMatchObject({
      v: 1,
      watches: [{ account, upload, hint: 5_000, state: { attempts: 1, status: processing } }],
    })
    expect(snapshot.watches).toHaveLength(1)
    goesOn.unsubscribe()
    illegal.unsubscribe()
    await client.close()
    expect(client.snapshot().watches).toEqual([])
  })

  test('never contains a key', async () => {
    const key = 'ofapi_secret_key'
    expect(JSON.stringify(await taken({ apiKey: key, headers: { 'x-key': key } }))).not.toContain(
      key,
    )
  })
})

describe('a client that resumes', () => {
  test('polls nothing before the first subscription, which receives the latest status', async () => {
    const request$ = jest.fn(() => NEVER)
    const client = clientOf({ resume: await taken(), request: request$ })
    const first = await firstValueFrom(client.uploadStatus$(account, upload))
    expect(first).toEqual(right(processing))
    // Its next poll is far away.
    expect(request$).not.toHaveBeenCalled()
    await client.close()
  })

  test('keeps a watch without a subscriber for the next snapshot', async () => {
    const snapshot = await taken()
    const client = clientOf({ resume: after(snapshot, 60_000) })
    const [first] = snapshot.watches
    const [kept] = client.snapshot().watches
    expect(kept).toEqual({ ...first, elapsed: expect.any(Number) })
    expect(Reflect.get(kept ?? {}, 'elapsed')).toBeGreaterThanOrEqual(60_000)
    await client.close()
  })

  test('continues the count of attempts, and starts an overdue poll immediately', async () => {
    const events: WatchEvent[] = []
    const client = clientOf({
      resume: after(await taken(), 2_000_000),
      request: () => of(right(completed)),
      on: event => events.push(event),
    })
    const values = await lastValueFrom(client.uploadStatus$(account, upload).pipe(toArray()))
    expect(values).toEqual([right(processing), right(completed)])
    expect(events[0]).toMatchObject({ _tag: 'AttemptStarted', attempt: 2 })
    expect(events[0]?.at).toBeGreaterThanOrEqual(2_000_000)
    expect(events[0]).toHaveProperty('late')
  })

  test('counts the time since the snapshot for the deadline', async () => {
    const request$ = jest.fn(() => NEVER)
    const client = clientOf({
      resume: after(await taken(), 60_000),
      deadline: 60_000,
      request: request$,
    })
    expect(await lastValueFrom(client.uploadStatus$(account, upload))).toMatchObject(
      left({ _tag: 'Expired', after: 60_000, attempts: 1, lastStatus: 'processing' }),
    )
    expect(request$).not.toHaveBeenCalled()
  })

  test('counts no negative time if the wall clock was set back', async () => {
    const events: WatchEvent[] = []
    const client = clientOf({
      resume: after(await taken({ schedule: spaced(1) }), -3_600_000),
      request: () => of(right(completed)),
      on: event => events.push(event),
    })
    await lastValueFrom(client.uploadStatus$(account, upload))
    expect(events[0]?.at).toBeGreaterThanOrEqual(0)
  })

  test('starts a new watch for an upload that has ended', async () => {
    const attempts: number[] = []
    const client = clientOf({
      resume: after(await taken(), 60_000),
      deadline: 30_000,
      request: () => of(right(completed)),
      on: event => event._tag === 'AttemptStarted' && attempts.push(event.attempt),
    })
    await lastValueFrom(client.uploadStatus$(account, upload))
    expect(await lastValueFrom(client.uploadStatus$(account, upload))).toEqual(right(completed))
    expect(attempts).toEqual([1])
  })
})

describe('a client rejects a snapshot that is invalid:', () => {
  const resume = (snapshot: unknown) => (): unknown =>
    clientOf({ resume: snapshot as ClientSnapshot })
  const made = 'resume must be the result of client.snapshot()'
  const whole = { v: 1, takenAt: 0, watches: [] }

  test.each<[string, unknown, string]>([
    ['nothing', null, `${made}, not null`],
    ['a string', '{}', `${made}, not a string: parse it with JSON.parse`],
    ['another object', { watches: [] }, `${made}: it has no version`],
    [
      'another version',
      { ...whole, v: 2 },
      'resume has version 2, and this release reads version 1: use the release that wrote it, or start without it',
    ],
    [
      'a takenAt that is not a number',
      { ...whole, takenAt: 'soon' },
      'resume.takenAt must be milliseconds since 1970, not a string',
    ],
    [
      'an infinite takenAt',
      { ...whole, takenAt: Infinity },
      'resume.takenAt must be milliseconds since 1970, not a number',
    ],
    [
      'watches that are not a list',
      { ...whole, watches: {} },
      'resume.watches must be a list of watches, not an object',
    ],
  ])('%s', (_, snapshot, message) => {
    expect(resume(snapshot)).toThrow(message)
  })

  test.each<[string, (watch: Record<string, unknown>) => unknown]>([
    ['that is not an object', () => 'watch'],
    ['of another version', watch => ({ ...watch, v: 0 })],
    ['with an invalid account', watch => ({ ...watch, account: '../..' })],
    ['without an upload', watch => ({ ...watch, upload: undefined })],
    ['of another upload', watch => ({ ...watch, upload: 'ofapi_media_2' })],
    ['with a negative time', watch => ({ ...watch, elapsed: -1 })],
    [
      'that has ended',
      watch => ({ ...watch, state: { ...(watch['state'] as object), status: completed } }),
    ],
  ])('with a watch %s', async (_, change) => {
    const snapshot = await taken()
    const [watch] = snapshot.watches
    const watches = [watch, change({ ...watch })]
    expect(resume({ ...snapshot, watches })).toThrow(
      'resume.watches[1] cannot be read: start without it, or remove this entry',
    )
  })
})

test.each([
  ['is kept', 5_000, { hint: 5_000 }],
  ['that is not a number is dropped', Number.NaN, {}],
])('a hint %s', async (_, hint, kept) => {
  const first = clientOf({ request: () => of(right(pending)) })
  first.uploadStatuses$([{ account, upload, hint }]).subscribe()
  const second = clientOf({ resume: first.snapshot() })
  await first.close()
  const [{ v, state, elapsed, ...rest } = {}] = JSON.parse(
    JSON.stringify(second.snapshot().watches),
  ) as readonly Record<string, unknown>[]
  expect([v, elapsed]).toEqual([1, expect.any(Number)])
  expect(state).toMatchObject({ attempts: 0 })
  expect(rest).toEqual({ account, upload, ...kept })
})
