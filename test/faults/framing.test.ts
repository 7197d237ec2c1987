import { describe, expect, test } from '@jest/globals'
import type { Either } from 'fp-ts/Either'
import { lastValueFrom, merge, toArray, type Observable } from 'rxjs'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  uploadStatus$,
  uploadStatuses$,
  type Failure,
  type Fetch,
  type UploadStatus,
  type WatchOptions,
} from 'rx-upload-status'
import { relayedUploadStatus$ } from 'rx-upload-status/relay/client'
import { framings, keptFramings, type Framing } from '../http/framing'
import { head, whole, type Framings, type Reply, type Wire } from '../http/rawServer'
import { wire } from '../http/wire'
import { row } from './row'

const account = 'acct_1'
const unlimited = 2 ** 31 - 1

const uploadOf = (request = ''): string => /\/(ofapi_media_\w+)\/status /.exec(request)?.[1] ?? ''

const statusOf = (upload: string, polls: number): UploadStatus =>
  polls < 3
    ? { status: polls < 2 ? 'pending' : 'processing', prefixed_id: upload }
    : { status: 'completed', prefixed_id: upload, media: { id: 7 } }

/**
 * A healthy server: each upload is `pending`, `processing` and then `completed`. The first answers
 * wait until there are `atOnce` requests, so that this many are in flight at the same time.
 */
const healthy = async (
  atOnce: number,
  framing: Framings,
): Promise<{ readonly server: Wire; readonly mostAtOnce: () => number }> => {
  const polls = new Map<string, number>()
  let held: (() => void)[] = []
  let open = 0
  let most = 0
  const reply: Reply = (socket, nth) => {
    const upload = uploadOf(server.requests[nth - 1])
    const poll = (polls.get(upload) ?? 0) + 1
    polls.set(upload, poll)
    most = Math.max(most, (open += 1))
    held.push(() => {
      open -= 1
      whole(200, JSON.stringify(statusOf(upload, poll)), {}, framing)(socket, nth)
    })
    if (nth < atOnce) return
    const ready = held
    held = []
    // Some in this turn and some later, so that connections become free at different times.
    for (const [i, release] of ready.entries())
      if (i % 3 === 0) release()
      else setTimeout(release, i % 3)
  }
  const server = await wire(reply)
  return { server, mostAtOnce: () => most }
}

const uploadsOf = (many: number, name = 'u'): readonly string[] =>
  Array.from({ length: many }, (_, i) => `ofapi_media_${name}${String(i)}`)

const all = async <A>(streams: readonly Observable<A>[]): Promise<readonly A[]> =>
  lastValueFrom(merge(...streams).pipe(toArray()))

type Value = Either<Failure, UploadStatus>

const isHealthy = (values: readonly Value[], many: number): void => {
  expect(values.filter(({ _tag }) => _tag === 'Left')).toEqual([])
  expect(values).toHaveLength(3 * many)
}

const quickly = (url: string, fetch: Fetch): WatchOptions => ({
  apiKey: 'key',
  baseUrl: url,
  fetch,
  schedule: spaced(1),
  attemptTimeout: 60_000,
})

row(
  'answers framed by chunks, Content-Length, end of connection, HTTP/1.0; 1 to 300 concurrent requests; one to three clients',
  ({ fetch }) => {
    describe.each<[string, Framings, readonly number[]]>([
      ...framings.map((each: Framing): [string, Framings, readonly number[]] => [
        each,
        [each],
        each === 'chunked' ? [1, 33, 300] : [1, 33],
      ]),
      ['all of them in turn', framings, [1, 32, 33, 64, 300]],
    ])('framing: %s', (_, framing, numbers) => {
      test.each(numbers)('%i watches send one request for each answer', async many => {
        const { server, mostAtOnce } = await healthy(many, framing)
        const values = await all(
          uploadsOf(many).map(upload => uploadStatus$(account, upload, quickly(server.url, fetch))),
        )
        isHealthy(values, many)
        expect(server.requests).toHaveLength(3 * many)
        expect(mostAtOnce()).toBe(many)
      })

      if (framing !== framings) return

      test.each([1, 2, 3])(
        'the watches of %i clients send one request for each answer',
        async clients => {
          const { server } = await healthy(64 * clients, framing)
          const values = await all(
            Array.from({ length: clients }, (__, i) => {
              const budget = requestBudget({ perMinute: unlimited, inFlight: 64 })
              const client = createUploadStatusClient({ ...quickly(server.url, fetch), budget })
              return uploadsOf(64, `c${String(i)}x`).map(upload =>
                client.uploadStatus$(account, upload),
              )
            }).flat(),
          )
          isHealthy(values, 64 * clients)
          expect(server.requests).toHaveLength(3 * 64 * clients)
        },
      )

      test('two streams of 100 uploads send 600 requests together', async () => {
        const { server } = await healthy(64, framing)
        const streams = ['a', 'b'].map(name =>
          uploadStatuses$(
            uploadsOf(100, name).map(upload => ({ account, upload })),
            quickly(server.url, fetch),
          ),
        )
        const values = await all(streams)
        isHealthy(
          values.map(({ status }) => status),
          200,
        )
        expect(server.requests).toHaveLength(600)
      })

      test('inFlight 100 allows 100 requests at the same time, never more', async () => {
        const { server, mostAtOnce } = await healthy(100, framing)
        const budget = requestBudget({ perMinute: unlimited, inFlight: 100 })
        const values = await all(
          uploadsOf(250).map(upload =>
            uploadStatus$(account, upload, { ...quickly(server.url, fetch), budget }),
          ),
        )
        isHealthy(values, 250)
        expect([server.requests.length, mostAtOnce()]).toEqual([750, 100])
      })
    })
  },
)

row('a kept-alive connection that closes right after a complete answer', ({ fetch }) => {
  test.each(keptFramings)('does not truncate the answer (framing: %s)', async framing => {
    const server = await wire((socket, nth) => {
      const status = statusOf(uploadOf(server.requests[nth - 1]), 3)
      whole(200, JSON.stringify(status), {}, [framing])(socket, nth)
      if (nth % 2 === 0) socket.destroySoon()
      else
        setImmediate(() => {
          socket.destroySoon()
        })
    })
    const values = await all(
      uploadsOf(33).map(upload => uploadStatus$(account, upload, quickly(server.url, fetch))),
    )
    expect(values.map(({ _tag }) => _tag)).toEqual(Array(33).fill('Right'))
    expect(server.requests).toHaveLength(33)
  })
})

row("another client's requests to the same host stall", ({ fetch }) => {
  test('have no effect', async () => {
    const server = await wire((socket, nth) => {
      const upload = uploadOf(server.requests[nth - 1])
      if (upload.startsWith('ofapi_media_stalled')) return
      whole(200, JSON.stringify(statusOf(upload, 3)), {}, ['end of connection'])(socket, nth)
    })
    const stalled = createUploadStatusClient({
      ...quickly(server.url, fetch),
      budget: requestBudget({ perMinute: unlimited, inFlight: 64 }),
    })
    const stalling = merge(
      ...uploadsOf(64, 'stalled').map(upload => stalled.uploadStatus$(account, upload)),
    ).subscribe()
    await server.heard(64)
    const budget = requestBudget({ perMinute: unlimited })
    const client = createUploadStatusClient({ ...quickly(server.url, fetch), budget })
    const values = await all(uploadsOf(20).map(upload => client.uploadStatus$(account, upload)))
    expect(values.map(({ _tag }) => _tag)).toEqual(Array(20).fill('Right'))
    expect(server.requests).toHaveLength(84)
    stalling.unsubscribe()
    await server.gone()
  })
})

row('200 requests at the same time', ({ fetch }) => {
  test('do not wait for a connection: all of them reach the server', async () => {
    const started = new Set<string>()
    const server = await wire(() => undefined)
    const watching = merge(
      ...uploadsOf(200).map(upload =>
        uploadStatus$(account, upload, {
          ...quickly(server.url, fetch),
          on: ({ _tag }) => _tag === 'AttemptStarted' && started.add(upload),
        }),
      ),
    ).subscribe()
    await server.heard(200)
    expect(new Set(server.requests.map(uploadOf))).toEqual(started)
    watching.unsubscribe()
    await server.gone()
  })
})

row('40 relay streams from one Node process', ({ fetch }) => {
  test('are all open at the same time', async () => {
    const server = await wire(socket => {
      socket.write(head(200, { 'content-type': 'text/event-stream' }))
    })
    const following = merge(
      ...uploadsOf(40).map(upload =>
        relayedUploadStatus$(`${server.url}statuses`, account, upload, { fetch }),
      ),
    ).subscribe()
    await server.heard(40)
    expect(server.connections()).toBe(40)
    following.unsubscribe()
    await server.gone()
  })
})
