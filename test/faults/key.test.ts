import { expect, test } from '@jest/globals'
import { isLeft, right, type Either } from 'fp-ts/Either'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  uploadStatus$,
  uploadStatuses$,
  type Failure,
  type UploadStatus,
  type WatchOptions,
} from 'rx-upload-status'
import { firstValueFrom, lastValueFrom, map, toArray } from 'rxjs'
import { completed } from '../answers'
import { whole, type Reply, type Wire } from '../http/rawServer'
import { wire } from '../http/wire'
import { row } from './row'

const good = 'sk_live_the_good_one'
const wrong = 'sk_live_the_wrong_one'

const refusal = whole(401, '{"error":"Unauthenticated."}')

/** A server that accepts one key, and answers with these statuses in turn. */
const serverFor = async (...statuses: readonly object[]) => {
  let nth = 0
  const server: Awaited<ReturnType<typeof wire>> = await wire((socket, at) => {
    const request = server.requests[at - 1] ?? ''
    const isGood = request.includes(`Bearer ${good}`)
    const upload = /uploads\/(\w+)\//.exec(request)?.[1]
    const status = statuses[Math.min(nth, statuses.length - 1)]
    if (isGood) nth += 1
    const reply: Reply = isGood
      ? whole(200, JSON.stringify({ ...status, prefixed_id: upload }))
      : refusal
    reply(socket, at)
  })
  return server
}

const rejected: unknown = expect.objectContaining({ _tag: 'Rejected', status: 401 })

const uploads = Array.from({ length: 300 }, (_, nth) => ({
  account: 'acct_1',
  upload: `u${String(nth)}`,
}))

const endOf = (value: Either<Failure, UploadStatus>): unknown =>
  isLeft(value) ? value.left : value.right.status

row('401 for a key that a function returned', ({ fetch }) => {
  const quick: WatchOptions = { fetch, schedule: spaced(1) }

  test('repeats the attempt once with a new key, without spending a retry', async () => {
    const server = await serverFor(completed)
    const keys = [wrong, good]
    const end = await lastValueFrom(
      uploadStatus$('acct_1', 'u1', {
        ...quick,
        baseUrl: server.url,
        retry: { retries: 0 },
        apiKey: () => keys.shift() ?? good,
      }),
    )
    expect(end).toEqual(right({ ...completed, prefixed_id: 'u1' }))
    expect(server.requests).toHaveLength(2)
  })

  test('repeats the attempt only once if the new key is rejected too', async () => {
    const server = await serverFor(completed)
    let asked = 0
    const apiKey = () => `${wrong}_${String((asked += 1))}`
    const end = await lastValueFrom(
      uploadStatus$('acct_1', 'u1', { ...quick, baseUrl: server.url, apiKey }),
    )
    expect(endOf(end)).toEqual(rejected)
    expect(server.requests).toHaveLength(2)
  })

  test('both watches of a client continue if the key is rotated during their attempts', async () => {
    const server: Wire = await wire((socket, nth) => {
      // Answers when both are in flight; by then the key has been rotated.
      const isGood = server.requests[nth - 1]?.includes(`Bearer ${good}`) === true
      const upload = /uploads\/(\w+)\//.exec(server.requests[nth - 1] ?? '')?.[1]
      const reply = isGood
        ? whole(200, JSON.stringify({ ...completed, prefixed_id: upload }))
        : refusal
      void server.heard(2).then(() => {
        reply(socket, nth)
      })
    })
    const client = createUploadStatusClient({
      ...quick,
      baseUrl: server.url,
      apiKey: () => Promise.resolve(server.requests.length < 2 ? wrong : good),
    })
    const ends = await Promise.all(
      ['u1', 'u2'].map(upload => lastValueFrom(client.uploadStatus$('acct_1', upload))),
    )
    expect(ends.map(endOf)).toEqual(['completed', 'completed'])
    expect(server.requests).toHaveLength(4)
  })

  test('ends only this watch if the function then throws; the next watch calls it again', async () => {
    const server = await serverFor(completed)
    let asked = 0
    const client = createUploadStatusClient({
      ...quick,
      baseUrl: server.url,
      apiKey: () => {
        asked += 1
        if (asked === 2) throw new Error('the vault is locked')
        return asked === 1 ? wrong : good
      },
    })
    const ends = []
    for (const upload of ['u1', 'u2'])
      ends.push(endOf(await lastValueFrom(client.uploadStatus$('acct_1', upload))))
    expect(ends).toEqual([rejected, 'completed'])
    expect(server.requests).toHaveLength(2)
  })

  test.each<[string, WatchOptions['apiKey']]>([
    ['the same key', () => Promise.resolve(wrong)],
    ['a constant key', wrong],
  ])('%s: all watches of a stream end after one request', async (_, apiKey) => {
    const server = await serverFor(completed)
    const budget = requestBudget({ perMinute: 60, burst: 1 })
    const ends = await firstValueFrom(
      uploadStatuses$(uploads, { ...quick, baseUrl: server.url, budget, apiKey }).pipe(
        map(({ status }) => endOf(status)),
        toArray(),
      ),
    )
    expect(ends).toEqual(uploads.map(() => rejected))
    expect(server.requests).toHaveLength(1)
  })

  test('later watches of that client end without a request for 30 s, unless the key is new', async () => {
    const server = await serverFor(completed)
    let now = 0
    let key = wrong
    const client = createUploadStatusClient({
      ...quick,
      baseUrl: server.url,
      apiKey: () => key,
      clock: () => now,
    })
    const follow = (upload: string) =>
      lastValueFrom(client.uploadStatus$('acct_1', upload)).then(endOf)
    expect(await follow('u1')).toEqual(rejected)
    expect(await follow('u2')).toMatchObject({ _tag: 'Rejected', attempts: 0 })
    now = 29_999
    expect(await follow('u3')).toEqual(rejected)
    expect(server.requests).toHaveLength(1)
    now = 30_000
    expect(await follow('u4')).toEqual(rejected)
    expect(server.requests).toHaveLength(2)
    key = good
    expect(await follow('u5')).toBe('completed')
    expect(server.requests).toHaveLength(3)
  })

  test('with apiKey null, each watch sends its own request', async () => {
    const server = await serverFor(completed)
    const client = createUploadStatusClient({ ...quick, baseUrl: server.url, apiKey: null })
    for (const upload of ['u1', 'u2'])
      expect(endOf(await lastValueFrom(client.uploadStatus$('acct_1', upload)))).toEqual(rejected)
    expect(server.requests).toHaveLength(2)
  })

  test('does not end the watches of another client on the same budget', async () => {
    const server = await serverFor(completed)
    const budget = requestBudget({ perMinute: 600 })
    const [one, other] = [wrong, good].map(apiKey =>
      createUploadStatusClient({ ...quick, baseUrl: server.url, apiKey, budget }),
    )
    const ends = [one, other].map(async client =>
      client === undefined ? null : endOf(await lastValueFrom(client.uploadStatus$('acct_1', 'u'))),
    )
    expect(await Promise.all(ends)).toEqual([rejected, 'completed'])
  })
})
