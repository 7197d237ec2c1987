import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import type { WatchEvent } from 'rx-upload-status'
import { relayedSource } from 'rx-upload-status/relay/client'
import { completed, ref } from '../../answers'
import { pass, step, stopTime } from '../../random/promiseTime'
import { address, event, open, relayOf, valuesOf, type Request } from './fakeRelay'

const namesOf = (requests: ReturnType<typeof relayOf>['requests']): readonly string[] =>
  requests.map(({ uploads }) => uploads.join())

describe('a client of a relay', () => {
  stopTime()

  test('asks for a waiting row once one of two unanswered requests fails, and spends no retry', async () => {
    const answers = [503, null, open]
    const { fetch, requests } = relayOf(() => answers[requests.length - 1] ?? null)
    // The first answer comes after both requests were sent.
    const source = relayedSource(address, {
      fetch: async (url, init) => {
        const response = fetch(url, init)
        if (requests.length === 1) await new Promise(resolve => setTimeout(resolve, 1_000))
        return response
      },
      retry: { retries: 0 },
    })
    const seen: unknown[] = []
    for (const upload of ['a', 'b', 'c']) {
      source.uploadStatus$(ref.account, upload).subscribe(value => seen.push(value))
      await pass(200)
    }
    expect(namesOf(requests)).toEqual(['a', 'a,b'])
    await pass(800)
    expect(namesOf(requests)).toEqual(['a', 'a,b', 'a,b,c'])
    expect(seen).toEqual([])
  })

  test('has at most two unanswered requests beside an open stream', async () => {
    const { fetch, requests } = relayOf(() => (requests.length === 1 ? open : null))
    const source = relayedSource(address, { fetch })
    for (const upload of ['a', 'b', 'c', 'd']) {
      source.uploadStatus$(ref.account, upload).subscribe()
      await pass(300)
    }
    expect(namesOf(requests)).toEqual(['a', 'a,b', 'a,b,c'])
  })

  test('waits between two streams as long as the relay last requested, and at most a minute', async () => {
    const requested = ['retry: 20000', 'retry: 99999999']
    const { fetch, requests } = relayOf(request => {
      const wait = requested[requests.length - 1]
      if (wait === undefined) return open
      request.send(`${wait}\n\n${event(ref.upload)}event: over\n\n`)
      request.close()
      return open
    })
    relayedSource(address, { fetch }).uploadStatus$(ref.account, ref.upload).subscribe()
    await pass(100_000)
    const [first = NaN, second = NaN, third = NaN] = requests.map(({ at }) => at)
    // Clients also wait for a second, and spread their returns over five.
    for (const [wait, least] of [
      [second - first, 20_000],
      [third - second, 60_000],
    ] as const) {
      expect(wait).toBeGreaterThanOrEqual(least)
      expect(wait).toBeLessThanOrEqual(least + 7_000)
    }
  })

  test('reports how long it waits, and how many retries it has spent', async () => {
    const { fetch, requests } = relayOf(request => {
      if (requests.length > 2) request.send(event(ref.upload, right(completed)))
      return requests.length > 2 ? open : 500
    })
    const events: WatchEvent[] = []
    const on = (happening: WatchEvent): void => void events.push(happening)
    const source = relayedSource(address, { fetch, on })
    source.uploadStatus$(ref.account, ref.upload).subscribe()
    await pass(60_000)
    const waits = requests.slice(1).map(({ at }, nth) => at - (requests[nth]?.at ?? NaN))
    const scheduled = events.flatMap(happening =>
      happening._tag === 'RetryScheduled' ? [happening] : [],
    )
    expect(scheduled.map(({ retries }) => retries)).toEqual([1, 2])
    for (const [nth, { wait }] of scheduled.entries())
      expect(Math.abs(wait - (waits[nth] ?? NaN))).toBeLessThan(100)
  })

  test('applies a Retry-After only to the watches that can wait so long', async () => {
    const { fetch, requests } = relayOf(() => (requests.length === 2 ? 503 : open), {
      'retry-after': '86400',
    })
    const source = relayedSource(address, { fetch })
    const ended: unknown[] = []
    source.uploadStatus$(ref.account, 'a').subscribe()
    await pass(300)
    source.uploadStatus$(ref.account, 'b').subscribe(value => ended.push(value))
    await pass(300)
    expect(ended).toEqual([left(expect.objectContaining({ _tag: 'Unavailable' }))])
    source.uploadStatus$(ref.account, 'c').subscribe()
    await pass(300)
    expect(namesOf(requests)).toEqual(['a', 'a,b', 'a,c'])
  })

  test('waits for a Retry-After that ends at the deadline', async () => {
    const { fetch } = relayOf(() => 503, { 'retry-after': '10' })
    const seen: unknown[] = []
    // The answer arrives one step after the start.
    relayedSource(address, { fetch, deadline: 10_000 + step })
      .uploadStatus$(ref.account, ref.upload)
      .subscribe(value => seen.push(value))
    await pass(10_000)
    expect(seen).toEqual([])
    await pass(step)
    expect(seen).toEqual([left(expect.objectContaining({ _tag: 'Expired' }))])
  })

  test('reconnects at a random time within seconds after many clients were disconnected together', async () => {
    const all: Request[] = []
    const returned: number[] = []
    for (let reader = 0; reader < 150; reader += 1) {
      const { fetch, requests } = relayOf(request => {
        if (requests.length === 1) all.push(request)
        else returned.push(request.at)
        request.send(`retry: 1000\n\n${event(ref.upload)}`)
        return open
      })
      valuesOf({ fetch })
    }
    await pass(1_000)
    for (const request of all) request.close()
    await pass(8_000)
    expect(returned).toHaveLength(150)
    expect(Math.max(...returned) - Math.min(...returned)).toBeGreaterThan(3_000)
  })

  test('keeps trying to connect to a full relay', async () => {
    const { fetch, requests } = relayOf(
      request => {
        if (requests.length < 30) return 503
        request.send(event(ref.upload, right(completed)))
        return open
      },
      { 'retry-after': '5' },
    )
    const seen = valuesOf({ fetch, retry: { retries: 0 } })
    await pass(400_000)
    expect(seen[0]).toMatchObject({ right: { status: 'completed' } })
    for (const [nth, { at }] of requests.entries())
      if (nth > 0) expect(at - (requests[nth - 1]?.at ?? 0)).toBeGreaterThanOrEqual(5_000)
  })

  test('returns to a full relay at a random time within seconds after its Retry-After', async () => {
    const returned: number[] = []
    for (let reader = 0; reader < 150; reader += 1) {
      const { fetch, requests } = relayOf(
        request => {
          if (requests.length === 1) return 503
          returned.push(request.at)
          return open
        },
        { 'retry-after': '5' },
      )
      valuesOf({ fetch })
    }
    await pass(15_000)
    expect(returned).toHaveLength(150)
    expect(Math.min(...returned)).toBeGreaterThanOrEqual(5_000)
    expect(Math.max(...returned) - Math.min(...returned)).toBeGreaterThan(3_000)
  })
})
