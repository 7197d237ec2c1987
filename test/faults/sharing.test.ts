import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  type ClientOptions,
  type UploadStatusClient,
} from 'rx-upload-status'
import { expired, rejected, unavailable, unreachable } from '../../src/failure/failure'
import { completed, pending, processing, ref } from '../answers'
import { handedIn } from '../leaks/handedIn'
import { beforeTheHead } from '../http/faults'
import { inTurn, whole, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'
import { followed, key, lost, quick, type Followed } from './follow'
import { good } from './laws'
import { row } from './row'

const asking = whole(200, JSON.stringify(pending))
const working = whole(200, JSON.stringify(processing))
const forbidden = whole(403, '{"error":"Not yours."}')
const refusal = rejected(403, null, 'Not yours.')

const clientOf = (url: string, options: ClientOptions): UploadStatusClient =>
  createUploadStatusClient({ ...quick, ...handedIn(), baseUrl: url, ...options })

const watching = (client: UploadStatusClient, upload = ref.upload): Followed =>
  followed(() => client.uploadStatus$(ref.account, upload))

const all = [right(pending), right(processing), right(completed)]

row('subscribe twice to one stream of a client; late subscriber', ({ fetch }) => {
  test('subscribers of one stream, or of two streams of one upload, share its requests', async () => {
    const server = await wire(inTurn(asking, working, good))
    const client = clientOf(server.url, { fetch })
    const shared$ = client.uploadStatus$(ref.account, ref.upload)
    const both = [followed(() => shared$), followed(() => shared$), watching(client)]
    for (const each of both) expect(await each.ended).toEqual(all)
    expect(server.requests).toHaveLength(3)
  })

  test('a late subscriber receives the latest value immediately, without a request', async () => {
    const server = await wire(inTurn(asking, working, good))
    const client = clientOf(server.url, { fetch, schedule: spaced(60_000) })
    const first = watching(client)
    await first.emitted(1)
    const late = watching(client)
    await late.emitted(1)
    expect(late.values).toEqual([right(pending)])
    expect(server.requests).toHaveLength(1)
    first.stop()
    late.stop()
  })

  test('a subscriber after the end receives the terminal status, without a request', async () => {
    const server = await wire(inTurn(asking, working, good))
    const client = clientOf(server.url, { fetch })
    expect(await watching(client).ended).toEqual(all)
    expect(await watching(client).ended).toEqual([right(completed)])
    expect(await watching(client).ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(3)
  })

  test('a subscriber that unsubscribes does not affect the others', async () => {
    const server = await wire(inTurn(asking, working, good))
    const client = clientOf(server.url, { fetch })
    const [leaving, staying] = [watching(client), watching(client)]
    await leaving.emitted(1)
    leaving.stop()
    expect(await staying.ended).toEqual(all)
    expect(server.requests).toHaveLength(3)
  })

  describe.each<[string, Reply, object, number]>([
    ['at the first attempt', forbidden, refusal, 1],
    ['after all retries', whole(503), unavailable(503), 3],
    [
      'for its connection',
      beforeTheHead['closes immediately'],
      { ...unreachable(''), code: expect.any(String) },
      3,
    ],
  ])('a watch that failed %s', (_, reply, failure, attempts) => {
    test('starts again with its next subscriber', async () => {
      const server = await wire(
        inTurn(reply, ...Array<Reply>(attempts - 1).fill(reply), asking, good),
      )
      const client = clientOf(server.url, { fetch })
      const both = [watching(client), watching(client)]
      for (const each of both) expect(await each.ended).toEqual([lost(failure, attempts)])
      expect(await watching(client).ended).toEqual([right(pending), right(completed)])
      expect(server.requests).toHaveLength(attempts + 2)
    })
  })
})

row('1,000 cached terminal statuses of 250 kB', ({ fetch }) => {
  const large = 'x'.repeat(200_000)
  const named = (upload: string) => ({ ...completed, prefixed_id: upload, extra: large })
  const uploadOf = (request = ''): string => /uploads\/(\w+)/.exec(request)?.[1] ?? ''

  test('caches 4 MiB of them, and polls an older one again', async () => {
    const server = await wire((socket, nth) => {
      whole(200, JSON.stringify(named(uploadOf(server.requests[nth - 1]))))(socket, nth)
    })
    // Enough for 34 polls: by default the 11th would wait for a second.
    const budget = requestBudget({ perMinute: 60_000 })
    const client = clientOf(server.url, { fetch, budget })
    const uploads = Array.from({ length: 30 }, (_, nth) => `u${String(nth)}`)
    for (const upload of uploads)
      expect(await watching(client, upload).ended).toEqual([right(named(upload))])
    for (const upload of ['u29', 'u15', 'u0', 'u0'])
      expect(await watching(client, upload).ended).toEqual([right(named(upload))])
    expect(server.requests.slice(30).map(uploadOf)).toEqual(['u0'])
  })
})

row('10,000 subscribers of one upload, 200,000 watches, one subscriber leaves', ({ fetch }) => {
  test('all subscribers receive each value of one poll, and those that stay continue', async () => {
    const server = await wire(inTurn(asking, working, working, good))
    const client = clientOf(server.url, { fetch })
    const seen = { next: 0, complete: 0 }
    const watch$ = client.uploadStatus$(ref.account, ref.upload)
    const followers = Array.from({ length: 10_000 }, () =>
      watch$.subscribe({
        next: () => (seen.next += 1),
        complete: () => (seen.complete += 1),
      }),
    )
    const last = watching(client)
    await last.emitted(1)
    for (const follower of followers.splice(0, 5_000)) follower.unsubscribe()
    expect(await last.ended).toEqual(all)
    expect(seen).toEqual({ next: 10_000 + 2 * 5_000, complete: 5_000 })
    expect(server.requests).toHaveLength(4)
  })
})

row('two clients, or two keys', ({ fetch }) => {
  const keysOf = (requests: readonly string[]): readonly string[] =>
    requests.map(request => /^authorization: Bearer (.*)$/im.exec(request)?.[1] ?? 'none')

  test('share no watch: each sends its own request, with its own key', async () => {
    const server = await wire(good)
    for (const apiKey of [key, 'sk_other', key])
      expect(await watching(clientOf(server.url, { fetch, apiKey })).ended).toEqual([
        right(completed),
      ])
    expect(keysOf(server.requests)).toEqual([key, 'sk_other', key])
  })

  test('share no end: one watch is rejected, the other completes', async () => {
    const server = await wire((socket, nth) => {
      const mine = server.requests[nth - 1]?.includes(`Bearer ${key}`) === true
      ;(mine ? good : forbidden)(socket, nth)
    })
    const [mine, other] = [key, 'sk_other'].map(apiKey =>
      watching(clientOf(server.url, { fetch, apiKey })),
    )
    expect(await mine?.ended).toEqual([right(completed)])
    expect(await other?.ended).toEqual([lost(refusal, 1)])
  })

  test('share no budget: a 429 for one does not pause the other', async () => {
    const server = await wire(inTurn(whole(429, '', { 'retry-after': '60' }), good))
    const first = watching(clientOf(server.url, { fetch }))
    await server.heard(1)
    expect(await watching(clientOf(server.url, { fetch })).ended).toEqual([right(completed)])
    expect(first.values).toEqual([])
    first.stop()
  })

  test('keep no key: the function that returns it is called before each attempt', async () => {
    const keys = ['sk_1', 'sk_2', 'sk_3']
    const server = await wire(inTurn(whole(503), asking, good))
    const client = clientOf(server.url, { fetch, apiKey: () => keys.shift() })
    expect(await watching(client).ended).toEqual([right(pending), right(completed)])
    expect(keysOf(server.requests)).toEqual(['sk_1', 'sk_2', 'sk_3'])
  })
})

row('one upload of many fails', ({ fetch }) => {
  /** Answers each upload with its replies in turn. */
  const answering = async (replies: Readonly<Record<string, readonly string[]>>) => {
    const asked: Record<string, number> = {}
    const server = await wire((socket, nth) => {
      const upload = /uploads\/(\w+)/.exec(server.requests[nth - 1] ?? '')?.[1] ?? ''
      const turn = (asked[upload] = (asked[upload] ?? 0) + 1)
      const [status, body] = (replies[upload]?.[turn - 1] ?? '500 ').split(/ (.*)/)
      whole(Number(status), body)(socket, nth)
    })
    return { url: server.url, asked }
  }

  const named = (upload: string) => ({ ...completed, prefixed_id: upload })
  const ok = (body: object): string => `200 ${JSON.stringify(body)}`

  test('the others continue to their end', async () => {
    const uploads = ['one', 'two', 'three', 'four', 'five']
    const { url, asked } = await answering(
      Object.fromEntries(
        uploads.map(upload => [
          upload,
          upload === 'three'
            ? ['410 {"error":"Gone."}']
            : [ok({ ...pending, prefixed_id: upload }), ok(named(upload))],
        ]),
      ),
    )
    const client = clientOf(url, { fetch })
    const ends = await Promise.all(uploads.map(upload => watching(client, upload).ended))
    expect(ends.map(values => values.at(-1))).toEqual(
      uploads.map(upload =>
        upload === 'three' ? lost(rejected(410, null, 'Gone.'), 1) : right(named(upload)),
      ),
    )
    expect(asked).toEqual({ one: 2, two: 2, three: 1, four: 2, five: 2 })
  })

  test('an invalid id does not affect the others', async () => {
    const { url, asked } = await answering({ one: [ok(named('one'))] })
    const client = clientOf(url, { fetch })
    const [good, bad] = [watching(client, 'one'), watching(client, '../one')]
    expect(await good.ended).toEqual([right(named('one'))])
    expect(await bad.ended).toEqual([lost({ _tag: 'InvalidRequest', which: 'upload' }, 0)])
    expect(asked).toEqual({ one: 1 })
  })

  test('one that is throttled past its deadline leaves the budget to the others', async () => {
    const { url } = await answering({ one: ['429 {}'], two: [ok(named('two'))] })
    const budget = requestBudget({ perMinute: 600 })
    const first = clientOf(url, { fetch, budget, deadline: 300 })
    const second = clientOf(url, { fetch, budget })
    const limited = watching(first, 'one')
    const [end] = await limited.ended
    expect(end).toMatchObject({
      left: {
        ...expired(300),
        attempts: 1,
        elapsed: expect.any(Number),
        lastFailure: { _tag: 'Throttled' },
      },
    })
    expect(await watching(second, 'two').ended).toEqual([right(named('two'))])
  })
})
