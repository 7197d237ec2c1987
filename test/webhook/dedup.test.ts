import { describe, expect, test } from '@jest/globals'
import type { PushedStatus } from 'rx-upload-status'
import { memoryStore } from '../../src/webhook/dedupStore'
import { ref } from '../answers'
import { inFakeTime, pass } from '../faults/fakeTime'
import { delivery, ended, logged } from './deliveries'

/** Pseudorandom numbers from 0 up to 1, the same in each run. */
const draws = (): (() => number) => {
  let state = 42
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

describe('each terminal status is processed once', () => {
  test('for 10,000 concurrent deliveries out of order, 30 % of them duplicates', async () => {
    const random = draws()
    const refs = Array.from({ length: 7_000 }, (_, nth) => ({ ...ref, upload: `u_${String(nth)}` }))
    const again = Array.from({ length: 3_000 }, () => refs[Math.floor(random() * 7_000)] ?? ref)
    const order = [...refs, ...again]
      .map(one => ({ one, at: random() }))
      .sort((a, b) => a.at - b.at)
    const counts = new Map<string, number>()
    const pushed = new Map<string, number>()
    const count = (counted: Map<string, number>, { upload }: PushedStatus): void => {
      counted.set(upload, (counted.get(upload) ?? 0) + 1)
    }
    const { webhook, events } = logged({
      onStatus: async status => {
        await Promise.resolve()
        count(counts, status)
      },
    })
    webhook.statuses$.subscribe(status => {
      count(pushed, status)
    })
    const answers = new Set<number>()
    for (let at = 0; at < order.length; at += 50) {
      const batch = order.slice(at, at + 50).map(({ one }) => delivery(ended('completed', one)))
      for (const { status } of await Promise.all(batch.map(webhook))) answers.add(status)
    }
    expect([...answers].filter(status => status !== 204 && status !== 503)).toEqual([])
    for (const counted of [counts, pushed]) {
      expect(counted.size).toBe(7_000)
      expect(new Set(counted.values())).toEqual(new Set([1]))
    }
    expect(events.filter(({ _tag }) => _tag === 'DeliveryAccepted')).toHaveLength(7_000)
  }, 60_000)

  test('and its event is busy during processing, then a duplicate', async () => {
    let finish = (): void => undefined
    const { webhook, events } = logged({
      onStatus: () =>
        new Promise(resolve => {
          finish = resolve
        }),
    })
    const first = webhook(delivery(ended()))
    expect((await webhook(delivery(ended()))).status).toBe(503)
    finish()
    expect((await first).status).toBe(204)
    expect((await webhook(delivery(ended()))).status).toBe(204)
    expect(events.slice(1)).toMatchObject([
      { reason: 'busy' },
      { _tag: 'DeliveryAccepted' },
      { _tag: 'DeliveryIgnored', reason: 'duplicate', ref },
    ])
  })

  test('and a later contradicting one is ignored', async () => {
    const { webhook, events } = logged()
    const pushed: PushedStatus[] = []
    webhook.statuses$.subscribe(status => pushed.push(status))
    await webhook(delivery(ended('failed')))
    expect((await webhook(delivery(ended('completed')))).status).toBe(204)
    expect(pushed).toMatchObject([{ status: { status: 'failed' } }])
    expect(events.at(-1)).toMatchObject({ _tag: 'DeliveryIgnored', reason: 'conflicting', ref })
  })

  test('for any event id, since the id is not signed', async () => {
    const { webhook, events } = logged()
    const { url, headers } = delivery(ended())
    const body = JSON.stringify(ended())
    for (const id of ['a', 'b', 'c']) {
      const own = new Headers(headers)
      own.set('x-ofapi-idempotency-key', `evt_${id.repeat(40)}`)
      await webhook(new Request(url, { method: 'POST', headers: own, body }))
    }
    expect(events.filter(({ _tag }) => _tag === 'DeliveryAccepted')).toHaveLength(1)
  })

  test('by one of two processes that share a store', async () => {
    const store = memoryStore()
    const processed: string[] = []
    const processes = ['a', 'b'].map(name =>
      logged({
        store,
        onStatus: () => {
          processed.push(name)
          return Promise.resolve()
        },
      }),
    )
    for (const { webhook } of processes) await webhook(delivery(ended()))
    expect(processed).toEqual(['a'])
  })
})

describe('after a crash between claim and done', () => {
  inFakeTime()

  test('the event is busy for a second longer than `ackWithin`, and is then processed', async () => {
    const store = memoryStore()
    const claimed = new Promise<void>(resolve => {
      // It never resolves, and its claim is never released.
      const onStatus = (): Promise<void> => {
        resolve()
        return new Promise(() => undefined)
      }
      const { webhook } = logged({
        store: { ...store, release: () => Promise.resolve() },
        onStatus,
      })
      void webhook(delivery(ended()))
    })
    await claimed
    const { webhook, events } = logged({ store })
    expect((await webhook(delivery(ended()))).status).toBe(503)
    pass(8_999)
    expect((await webhook(delivery(ended()))).status).toBe(503)
    // The vendor's first retry is at 10 s.
    pass(1_001)
    expect((await webhook(delivery(ended()))).status).toBe(204)
    expect(events.slice(1)).toMatchObject([
      { reason: 'busy' },
      { reason: 'busy' },
      { _tag: 'DeliveryAccepted' },
    ])
  })
})

describe('memoryStore', () => {
  const storeAt = () => {
    let now = 0
    const store = memoryStore(() => now)
    return {
      ...store,
      pass: (ms: number) => {
        now += ms
      },
    }
  }

  test('grants one claim at a time, until it expires, is released or is done', async () => {
    const { claim, done, pass, release } = storeAt()
    expect(await claim('a', 10)).toBe('claimed')
    expect(await claim('a', 10)).toBe('busy')
    pass(10)
    expect(await claim('a', 10)).toBe('claimed')
    await release('a')
    expect(await claim('a', 10)).toBe('claimed')
    await done('a', 100)
    await release('a')
    expect(await claim('a', 10)).toBe('done')
    pass(100)
    expect(await claim('a', 10)).toBe('claimed')
  })

  test('keeps the latest 20,000 events', async () => {
    const { claim, done } = storeAt()
    for (let nth = 0; nth <= 20_000; nth += 1) await done(String(nth), 1_000)
    expect(await claim('1', 10)).toBe('done')
    expect(await claim('0', 10)).toBe('claimed')
  })
})
