import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { of, Subscription } from 'rxjs'
import type { WatchEvent, WatchOptions } from 'rx-upload-status'
import { createNetwork } from '../../src/platform/network'
import { pending, ref } from '../answers'
import { settle } from '../random/promiseTime'
import { put, restore, stage } from './stage'

// Pages whose browser says it is offline, in stopped time, and on the platform of a browser.

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

/** A network that a test cuts, and when it was used. */
const cable = () => {
  const start = Date.now()
  const asked: number[] = []
  let state: 'up' | 'cut' | 'silent' = 'up'
  let latency = 0
  let reply = (): Response =>
    new Response(JSON.stringify(pending), { headers: { 'content-type': 'application/json' } })
  const fetch: WatchOptions['fetch'] = (_, { signal }) => {
    asked.push(Date.now() - start)
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
    asked,
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
  // A client keeps its watches for a moment.
  await pass(second)
  watching = new Subscription()
  jest.useRealTimers()
  restore()
})

/** Lets time pass, a step at a time. */
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

describe('a browser that says it is offline', () => {
  test('is believed for 15 s; an answer then shows that it is wrong', async () => {
    const { fetch, asked } = cable()
    stages.network.onLine = false
    const { count } = watch(fetch)
    await pass(14 * second)
    expect(asked).toEqual([])
    await pass(6 * second)
    expect(asked.length).toBeGreaterThanOrEqual(3)
    await pass(60 * second)
    expect([count('Paused'), count('Resumed')]).toEqual([1, 1])
  })

  test('is wrong for the whole page, until it says anything else', async () => {
    const { fetch, asked } = cable()
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
    const before = asked.length
    await pass(14 * second)
    expect(asked).toHaveLength(before)
  })

  test('is shown to be wrong by an answer to a watch that does not pause', async () => {
    const { fetch } = cable()
    stages.network.onLine = false
    const patient = watch(fetch)
    watch(fetch, { activity$: of(true) })
    await pass(3 * second)
    expect(patient.count('StatusReceived')).toBeGreaterThanOrEqual(1)
  })

  test('is right about an answer that was on its way when the network went', async () => {
    const { fetch, asked, turn, slow } = cable()
    slow(600)
    const patient = watch(fetch, { schedule: library.spaced(hour) })
    const tireless = watch(fetch, { activity$: of(true), schedule: library.spaced(hour) })
    await pass(500, 100)
    expect(asked).toHaveLength(2)
    turn('cut')
    stages.turnNetwork(false)
    await pass(10 * second)
    expect(tireless.count('StatusReceived')).toBe(1)
    expect([patient.count('Paused'), patient.count('Resumed')]).toEqual([1, 0])
  })

  test('is probed by few requests, however many are due', async () => {
    const { fetch, asked, turn } = cable()
    for (let nth = 0; nth < 50; nth += 1) watch(fetch, { schedule: library.spaced(3 * second) })
    await pass(5 * second)
    turn('cut')
    stages.turnNetwork(false)
    // By the second probe all are due, spread over 2 s.
    await pass(29 * second)
    const before = asked.length
    await pass(5 * second, 10)
    expect(asked.length - before).toBeGreaterThan(0)
    expect(asked.length - before).toBeLessThanOrEqual(5)
  })

  test.each([
    ['refuses', 'cut', 600 * second],
    ['keeps silent', 'silent', Infinity],
  ] as const)(
    'ends no watch and spends no retry while the network %s for an hour',
    async (_, state, deadline) => {
      const { fetch, asked, turn } = cable()
      const watches = Array.from({ length: 4 }, () =>
        watch(fetch, { retry: { retries: 2 }, deadline }),
      )
      await pass(5 * second)
      turn(state)
      stages.turnNetwork(false)
      const before = asked.length
      await pass(hour, second)
      expect(asked.length - before).toBeGreaterThan(100)
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

  test('holds for a relay too', async () => {
    const { fetch, asked, turn, answer } = cable()
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
    expect(asked.length).toBeLessThanOrEqual(40)
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

  test('is what the browser says, before anybody follows it and after all have left', async () => {
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

  test('is listened to until the last follower leaves, and no timer is left', async () => {
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

  test('changes once when an answer shows that it can be used, however many follow', () => {
    stages.network.onLine = false
    const { network, changes } = follow()
    for (let nth = 0; nth < 3; nth += 1) network.sent()()
    expect([network.isUsable(), changes()]).toEqual([true, 1])
  })

  test('is probed in time, whatever else is lost meanwhile', async () => {
    stages.network.onLine = false
    const { network } = follow()
    await pass(14 * second)
    network.lost()
    await pass(second)
    expect(network.isUsable()).toBe(true)
  })

  test('is usable in a host that does not know, or has no events', async () => {
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
