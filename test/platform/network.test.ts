import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { of, Subscription } from 'rxjs'
import type { WatchEvent, WatchOptions } from 'rx-upload-status'
import { createNetwork } from '../../src/platform/network'
import { pending, ref } from '../answers'
import { settle } from '../random/promiseTime'
import { put, restore, stage } from './stage'

// Pages whose browser reports that it is offline, with fake timers and the platform of a browser.

const load = async () => {
  jest.resetModules()
  jest.doMock('#platform', () => jest.requireActual('../../src/platform/browser'))
  return {
    ...(await import('rx-upload-status')),
    ...(await import('rx-upload-status/relay/client')),
  }
}

let library: Awaited<ReturnType<typeof load>>

beforeAll(async () => {
  library = await load()
})

const second = 1_000
const hour = 3_600 * second

/** A network that a test controls, with the times of its requests. */
const cable = () => {
  const start = Date.now()
  const sentAt: number[] = []
  let state: 'up' | 'cut' | 'silent' = 'up'
  let latency = 0
  let reply = (): Response =>
    new Response(JSON.stringify(pending), { headers: { 'content-type': 'application/json' } })
  const fetch: WatchOptions['fetch'] = (_, { signal }) => {
    sentAt.push(Date.now() - start)
    if (state === 'up')
      return new Promise(resolve =>
        setTimeout(() => {
          resolve(reply())
        }, latency),
      )
    if (state === 'cut') return Promise.reject(new TypeError('Failed to fetch'))
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new DOMException('aborted', 'AbortError'))
      })
    })
  }
  return {
    sentAt,
    fetch,
    turn: (next: typeof state) => {
      state = next
    },
    slow: (ms: number) => {
      latency = ms
    },
    answer: (next: typeof reply) => {
      reply = next
    },
  }
}

let stages = stage()

beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'],
  })
  stages = stage()
  put(stages.globals)
})
let watching = new Subscription()

afterEach(async () => {
  watching.unsubscribe()
  // A client keeps its watches for a short grace.
  await pass(second)
  watching = new Subscription()
  jest.useRealTimers()
  restore()
})

/** Advances the time in steps. */
const pass = async (ms: number, step = 500): Promise<void> => {
  for (let left = ms; left > 0; left -= step) {
    jest.advanceTimersByTime(step)
    await settle()
  }
}

/** A watch that polls each second, until the test ends it. */
const watch = (fetch: WatchOptions['fetch'], options: WatchOptions = {}) => {
  const events: WatchEvent[] = []
  const subscription = library
    .uploadStatus$(ref.account, ref.upload, {
      apiKey: null,
      fetch,
      schedule: library.spaced(second),
      on: event => events.push(event),
      ...options,
    })
    .subscribe()
  const count = (tag: WatchEvent['_tag']): number =>
    events.filter(({ _tag }) => _tag === tag).length
  watching.add(subscription)
  return { events, count }
}

describe('a browser that reports that it is offline', () => {
  test('is believed for 15 s; an answer then proves it wrong', async () => {
    const { fetch, sentAt } = cable()
    stages.network.onLine = false
    const { count } = watch(fetch)
    await pass(14 * second)
    expect(sentAt).toEqual([])
    await pass(6 * second)
    expect(sentAt.length).toBeGreaterThanOrEqual(3)
    await pass(60 * second)
    expect([count('Paused'), count('Resumed')]).toEqual([1, 1])
  })

  test('is proved wrong for the whole page, until its next report', async () => {
    const { fetch, sentAt } = cable()
    stages.network.onLine = false
    watch(fetch)
    await pass(20 * second)
    const second$ = watch(fetch)
    await pass(3 * second)
    expect(second$.count('Paused')).toBe(0)
    expect(second$.count('StatusReceived')).toBeGreaterThanOrEqual(2)
    stages.turnNetwork(true)
    await pass(second)
    stages.turnNetwork(false)
    const before = sentAt.length
    await pass(14 * second)
    expect(sentAt).toHaveLength(before)
  })

  test('is proved wrong by an answer to a watch that does not pause', async () => {
    const { fetch } = cable()
    stages.network.onLine = false
    const patient = watch(fetch)
    watch(fetch, { activity$: of(true) })
    await pass(3 * second)
    expect(patient.count('StatusReceived')).toBeGreaterThanOrEqual(1)
  })

  test('is not proved wrong by the answer to an earlier request', async () => {
    const { fetch, sentAt, turn, slow } = cable()
    slow(600)
    const patient = watch(fetch, { schedule: library.spaced(hour) })
    const tireless = watch(fetch, { activity$: of(true), schedule: library.spaced(hour) })
    await pass(500, 100)
    expect(sentAt).toHaveLength(2)
    turn('cut')
    stages.turnNetwork(false)
    await pass(10 * second)
    expect(tireless.count('StatusReceived')).toBe(1)
    expect([patient.count('Paused'), patient.count('Resumed')]).toEqual([1, 0])
  })

  test('is probed by few requests, even if many are due', async () => {
    const { fetch, sentAt, turn } = cable()
    for (let nth = 0; nth < 50; nth += 1) watch(fetch, { schedule: library.spaced(3 * second) })
    await pass(5 * second)
    turn('cut')
    stages.turnNetwork(false)
    // By the second probe all are due, spread over 2 s.
    await pass(29 * second)
    const before = sentAt.length
    await pass(5 * second, 10)
    expect(sentAt.length - before).toBeGreaterThan(0)
    expect(sentAt.length - before).toBeLessThanOrEqual(5)
  })

  test.each([
    ['refuses connections', 'cut', 600 * second],
    ['is silent', 'silent', Infinity],
  ] as const)(
    'ends no watch and spends no retry while the network %s for an hour',
    async (_, state, deadline) => {
      const { fetch, sentAt, turn } = cable()
      const watches = Array.from({ length: 4 }, () =>
        watch(fetch, { retry: { retries: 2 }, deadline }),
      )
      await pass(5 * second)
      turn(state)
      stages.turnNetwork(false)
      const before = sentAt.length
      await pass(hour, second)
      expect(sentAt.length - before).toBeGreaterThan(100)
      for (const { count } of watches)
        expect([count('Settled'), count('RetryScheduled')]).toEqual([0, 0])
      turn('up')
      stages.turnNetwork(true)
      const polls = watches.map(({ count }) => count('StatusReceived'))
      await pass(3 * second)
      for (const [nth, { count }] of watches.entries())
        expect(count('StatusReceived')).toBeGreaterThan(polls[nth] ?? Infinity)
    },
    30_000,
  )

  test('spends no retry of a client either', async () => {
    const { fetch, turn } = cable()
    const client = library.createUploadStatusClient({
      apiKey: null,
      fetch,
      schedule: library.spaced(second),
    })
    const seen: string[] = []
    turn('cut')
    stages.network.onLine = false
    const subscription = client
      .uploadStatus$(ref.account, ref.upload, { on: ({ _tag }) => seen.push(_tag) })
      .subscribe()
    await pass(60 * second)
    expect(seen).not.toContain('RetryScheduled')
    turn('up')
    await pass(20 * second)
    expect(seen.filter(tag => tag === 'StatusReceived').length).toBeGreaterThan(1)
    watching.add(subscription)
  })

  test('spends no retry of a relayed watch either', async () => {
    const { fetch, sentAt, turn, answer } = cable()
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
    answer(
      () =>
        new Response(
          new ReadableStream({
            start: stream => {
              const status = { _tag: 'Right', right: pending }
              stream.enqueue(encode(`data: ${JSON.stringify({ ...ref, status })}\n\n`))
            },
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
    )
    turn('cut')
    stages.network.onLine = false
    const events: WatchEvent['_tag'][] = []
    const subscription = library
      .relayedUploadStatus$('https://relay.example/', ref.account, ref.upload, {
        fetch,
        retry: { retries: 1 },
        on: ({ _tag }) => events.push(_tag),
      })
      .subscribe()
    await pass(600 * second)
    expect(sentAt.length).toBeLessThanOrEqual(40)
    expect(events).not.toContain('RetryScheduled')
    turn('up')
    await pass(25 * second)
    expect(events.at(-1)).toBe('StatusReceived')
    watching.add(subscription)
  })
})

describe('the network of a page', () => {
  const follow = () => {
    const network = createNetwork()
    let changes = 0
    const subscription = network.follow(() => (changes += 1))
    watching.add(subscription)
    return { network, subscription, changes: () => changes }
  }

  test('is what the browser reports while it has no followers', async () => {
    const network = createNetwork()
    expect(network.isUsable()).toBe(true)
    stages.network.onLine = false
    expect(network.isUsable()).toBe(false)
    const subscription = network.follow(() => undefined)
    await pass(16 * second)
    expect(network.isUsable()).toBe(true)
    subscription.unsubscribe()
    expect(network.isUsable()).toBe(false)
  })

  test('has listeners until the last follower unsubscribes, and leaves no timer', async () => {
    const network = createNetwork()
    const [one, other] = [network.follow(() => undefined), network.follow(() => undefined)]
    expect(stages.listening()).toBe(2)
    one.unsubscribe()
    expect(stages.listening()).toBe(2)
    stages.turnNetwork(false)
    await pass(16 * second)
    other.unsubscribe()
    // A request that was under way is lost afterwards.
    network.lost()
    expect([stages.listening(), jest.getTimerCount()]).toEqual([0, 0])
  })

  test('does not change while the browser reports that it is online', async () => {
    const { network, changes } = follow()
    network.sent()()
    network.lost()
    await pass(60 * second)
    expect(changes()).toBe(0)
  })

  test('changes once when several answers show that it is usable', () => {
    stages.network.onLine = false
    const { network, changes } = follow()
    for (let nth = 0; nth < 3; nth += 1) network.sent()()
    expect([network.isUsable(), changes()]).toEqual([true, 1])
  })

  test('is probed on time, even if a request is lost meanwhile', async () => {
    stages.network.onLine = false
    const { network } = follow()
    await pass(14 * second)
    network.lost()
    await pass(second)
    expect(network.isUsable()).toBe(true)
  })

  test('is usable after 15 s in a host without events, and always without a navigator', async () => {
    stages.network.onLine = false
    put({ addEventListener: undefined, removeEventListener: undefined })
    const { network, subscription } = follow()
    expect(network.isUsable()).toBe(false)
    await pass(16 * second)
    expect(network.isUsable()).toBe(true)
    subscription.unsubscribe()
    Reflect.deleteProperty(globalThis, 'navigator')
    expect(network.isUsable()).toBe(true)
  })
})
