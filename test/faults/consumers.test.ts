import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { config, lastValueFrom, merge, of, tap, toArray } from 'rxjs'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  uploadStatus$,
  uploadStatuses$,
  type Fetch,
  type WatchEvent,
  type WatchOptions,
} from 'rx-upload-status'
import { completed, pending, processing, ref } from '../answers'
import { handedIn } from '../leaks/handedIn'
import { beforeTheHead, inTheBody } from '../http/faults'
import { inTurn, whole, type Reply, type Wire } from '../http/rawServer'
import { wire } from '../http/wire'
import { follow, followed, quick, type Followed } from './follow'
import { good } from './laws'
import { row } from './row'

const asking = whole(200, JSON.stringify(pending))
const working = whole(200, JSON.stringify(processing))

row('an observer that throws in next', ({ fetch }) => {
  const reported: unknown[] = []
  const before = config.onUnhandledError

  beforeEach(() => {
    reported.length = 0
    config.onUnhandledError = error => reported.push(error)
  })

  afterEach(() => {
    config.onUnhandledError = before
  })

  /** Waits for the reports, because RxJS reports in a later turn. */
  const reports = async (many: number): Promise<void> => {
    while (reported.length < many) await new Promise(resolve => setImmediate(resolve))
    expect(reported).toHaveLength(many)
  }

  const all = [right(pending), right(processing), right(completed)]

  test('is reported by RxJS, and both its own watch and others continue', async () => {
    const [one, two] = [new Error('first'), new Error('second')]
    const server = await wire((socket, nth) => {
      inTurn(asking, asking, working, working, good)(socket, nth)
    })
    const thrown = [one, two]
    const throwing = new Promise<void>(complete => {
      uploadStatus$(ref.account, ref.upload, {
        ...quick,
        ...handedIn(),
        baseUrl: server.url,
        fetch,
      }).subscribe({
        next: () => {
          const error = thrown.shift()
          if (error !== undefined) throw error
        },
        complete,
      })
    })
    const other = follow(server.url, { fetch })
    const values = await other.ended
    await throwing
    expect(values.at(-1)).toEqual(right(completed))
    await reports(2)
    expect(reported).toEqual([one, two])
  })

  test('does not affect other subscribers of the same watch', async () => {
    const server = await wire(inTurn(asking, working, good))
    const client = createUploadStatusClient({ ...quick, ...handedIn(), baseUrl: server.url, fetch })
    const watch$ = client.uploadStatus$(ref.account, ref.upload)
    const throwing = new Promise<void>(complete => {
      watch$.subscribe({
        next: ({ _tag }) => {
          throw new Error(_tag)
        },
        complete,
      })
    })
    const other = followed(() => watch$)
    expect(await other.ended).toEqual(all)
    await throwing
    await reports(3)
    expect(server.requests).toHaveLength(3)
  })
})

row('unsubscribe in next, in any phase', ({ fetch }) => {
  /** Any other request would have arrived before this one. */
  const sendsNoMoreRequests = async ({ url, requests }: Wire): Promise<void> => {
    const before = requests.length
    const { signal } = new AbortController()
    const init = { method: 'GET', headers: {}, redirect: 'manual', cache: 'no-store' } as const
    await (await fetch(`${url}last`, { ...init, signal })).text()
    expect(requests).toHaveLength(before + 1)
    expect(requests.at(-1)).toMatch(/^GET \/last /)
  }

  /** Brings a watch into a phase; `reached` waits until it is there. */
  const phases: Readonly<
    Record<
      string,
      {
        readonly reply: Reply
        readonly options?: () => WatchOptions
        readonly reached: (followed: Followed, heard: () => Promise<void>) => Promise<void>
      }
    >
  > = {
    'before the first request': { reply: good, reached: () => Promise.resolve() },
    'while the key is awaited': {
      reply: good,
      options: () => ({ apiKey: () => new Promise<never>(() => undefined) }),
      reached: watch => watch.received('AttemptStarted'),
    },
    'while the head is awaited': {
      reply: inTurn(beforeTheHead['is silent'], good),
      reached: (_, heard) => heard(),
    },
    'while the body is awaited': {
      reply: inTurn(inTheBody['stops half-way'](200), good),
      reached: (_, heard) => heard(),
    },
    'between polls': {
      reply: inTurn(asking, good),
      options: () => ({ schedule: spaced(60_000) }),
      reached: watch => watch.received('PollScheduled'),
    },
    'before a retry': {
      reply: inTurn(whole(503), good),
      options: () => ({ retry: { base: 60_000, cap: 60_000 }, random: () => 0.9 }),
      reached: watch => watch.received('RetryScheduled'),
    },
    'during the wait after a 429': {
      reply: inTurn(whole(429, '', { 'retry-after': '60' }), good),
      reached: watch => watch.received('RetryScheduled'),
    },
    'in the queue of its budget': {
      reply: inTurn(asking, good),
      options: () => ({ budget: requestBudget({ perMinute: 1 }), schedule: spaced(0) }),
      reached: async watch => {
        await watch.received('PollScheduled')
        // Due immediately, and not admitted.
        await new Promise(resolve => setTimeout(resolve))
        await new Promise(resolve => setTimeout(resolve))
      },
    },
    'while it is paused': {
      reply: good,
      options: () => ({ activity$: of(false) }),
      reached: watch => watch.received('Paused'),
    },
  }

  describe.each(Object.entries(phases))('%s', (_, { reply, options, reached }) => {
    const begin = async () => {
      const server = await wire(reply)
      const headed: Fetch = async (url, init) => {
        const response = await fetch(url, init)
        head()
        return response
      }
      let head = (): void => undefined
      const heard = new Promise<void>(resolve => {
        head = resolve
      })
      const watch = follow(server.url, { fetch: headed, ...options?.() })
      const isSilent = reply !== good && server.requests.length === 0
      await reached(watch, () => (isSilent ? Promise.race([heard, server.heard(1)]) : heard))
      return { server, watch }
    }

    test('unsubscribe stops everything immediately', async () => {
      const { server, watch } = await begin()
      watch.stop()
      const [values, events] = [[...watch.values], [...watch.events]]
      await sendsNoMoreRequests(server)
      expect([watch.values, watch.events]).toEqual([values, events])
    })

    test('an abort stops everything immediately, and ends the watch with Cancelled', async () => {
      const { server, watch } = await begin()
      const before = [...watch.values]
      watch.abort()
      expect(await watch.ended).toEqual([
        ...before,
        left(expect.objectContaining({ _tag: 'Cancelled', reason: 'enough' })),
      ])
      await sendsNoMoreRequests(server)
    })
  })

  test.each([
    ['the first value', 1],
    ['a later value', 2],
    ['the last value', 3],
  ])('in next of %s: nothing follows', async (_, leaveAt) => {
    const server = await wire(inTurn(asking, working, good))
    const heard: unknown[] = []
    await new Promise<void>(resolve => {
      const watching = uploadStatus$(ref.account, ref.upload, {
        ...quick,
        ...handedIn(),
        baseUrl: server.url,
        fetch,
      }).subscribe({
        next: value => {
          heard.push(value)
          if (heard.length < leaveAt) return
          watching.unsubscribe()
          resolve()
        },
        complete: () => heard.push('complete'),
      })
    })
    await sendsNoMoreRequests(server)
    expect(heard).toHaveLength(leaveAt)
  })

  const tags = [
    'AttemptStarted',
    'AttemptFailed',
    'RetryScheduled',
    'StatusReceived',
    'PollScheduled',
    'Settled',
  ] as const satisfies ReadonlyArray<WatchEvent['_tag']>

  test.each(tags)('in the callback on, at %s: no value and no completion follows', async tag => {
    const server = await wire(inTurn(whole(503), asking, good))
    const heard: string[] = []
    await new Promise<void>(resolve => {
      const watching = uploadStatus$(ref.account, ref.upload, {
        ...quick,
        ...handedIn(),
        baseUrl: server.url,
        fetch,
        on: event => {
          heard.push(event._tag)
          if (event._tag !== tag) return
          watching.unsubscribe()
          resolve()
        },
      }).subscribe({
        next: () => heard.push('next'),
        complete: () => heard.push('complete'),
      })
    })
    await sendsNoMoreRequests(server)
    expect(heard.slice(heard.indexOf(tag) + 1)).not.toContain('next')
    expect(heard).not.toContain('complete')
  })
})

row('one AbortSignal for 1,000 watches', ({ fetch }) => {
  test('has one listener for single watches and streams together, and none after the abort', async () => {
    const warnings: string[] = []
    const warned = ({ name }: Error): void => {
      warnings.push(name)
    }
    process.on('warning', warned)
    const server = await wire((socket, nth) => {
      const upload = /uploads\/(\w+)/.exec(server.requests[nth - 1] ?? '')?.[1]
      whole(200, JSON.stringify({ ...pending, prefixed_id: upload }))(socket, nth)
    })
    const controller = new AbortController()
    const { signal } = controller
    const listeners = (): number => getEventListeners(signal, 'abort').length
    const options = { ...quick, schedule: spaced(60_000), baseUrl: server.url, fetch, signal }
    const refs = Array.from({ length: 1_000 }, (_, nth) => ({
      account: 'acct_1',
      upload: `u${String(nth)}`,
    }))
    let emitted = 0
    const values = await lastValueFrom(
      merge(
        ...refs.slice(0, 30).map(({ account, upload }) => uploadStatus$(account, upload, options)),
        uploadStatuses$(refs.slice(30, 60), options),
        uploadStatuses$(refs.slice(60), options),
      ).pipe(
        tap(() => {
          emitted += 1
          if (emitted !== 1_000) return
          expect(listeners()).toBe(1)
          // Not during the last value: the end would arrive before it.
          queueMicrotask(() => {
            controller.abort('enough')
          })
        }),
        toArray(),
      ),
    )
    expect(values).toHaveLength(2_000)
    const ends = JSON.stringify(values).match(/"_tag":"Cancelled","reason":"enough"/g)
    expect(ends).toHaveLength(1_000)
    expect(listeners()).toBe(0)
    process.off('warning', warned)
    expect(warnings).toEqual([])
  })
})
