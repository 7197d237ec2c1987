import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { left } from 'fp-ts/Either'
import { from, mergeMap, of, tap } from 'rxjs'
import { rejected, type TrackedStatus, type UploadRef } from 'rx-upload-status'
import { createStatusRelay, type RelayOptions, type Upstream } from 'rx-upload-status/relay'
import { completed, pending } from '../answers'
import { settle } from '../random/promiseTime'
import { address, byHand, permissive, readerOf } from './byHand'

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
})

afterEach(() => {
  jest.useRealTimers()
})

const pass = async (ms: number): Promise<void> => {
  jest.advanceTimersByTime(ms)
  await settle()
}

const named = (first: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `upload_${String(first + i)}`)

/** Readers may read nothing for two minutes. */
const patient = { heartbeat: 30_000 }

/** A relay, the uploads that it has requested of its client, and readers. */
const open = (options: Partial<RelayOptions> = {}) => {
  const upstream = byHand()
  const requested: string[] = []
  const client: Upstream = {
    uploadStatuses$: uploads =>
      upstream.client.uploadStatuses$(
        from(uploads).pipe(
          mergeMap(given => ('account' in given ? [given] : given)),
          tap(({ upload }) => requested.push(upload)),
        ),
      ),
  }
  const relay = createStatusRelay(permissive(upstream, { client, ...patient, ...options }).options)
  return {
    ...upstream,
    requested,
    read: async (uploads: readonly string[], cookie: string | null = 'user=1') => {
      const headers = cookie === null ? {} : { cookie }
      return readerOf(await relay(new Request(address(...uploads), { headers })))
    },
  }
}

describe('maxNewUploadsPerMinute', () => {
  test('is 30 by default; further uploads wait in order', async () => {
    const { read, requested } = open()
    const { leave } = await read(named(0, 50))
    expect(requested).toEqual(named(0, 30))
    await pass(59_000)
    expect(requested).toHaveLength(30)
    await pass(1_001)
    expect(requested).toEqual(named(0, 50))
    await leave()
  })

  test('limits the new uploads of a caller in each minute', async () => {
    const { read, requested } = open({ maxNewUploadsPerMinute: 2 })
    const { leave } = await read(named(0, 5))
    expect(requested).toHaveLength(2)
    await pass(60_001)
    expect(requested).toHaveLength(4)
    await pass(59_000)
    expect(requested).toHaveLength(4)
    await leave()
  })

  test('counts all streams of a caller together, and each caller separately', async () => {
    const { read, requested } = open()
    const readers = [await read(named(0, 20)), await read(named(20, 20))]
    expect(requested).toHaveLength(30)
    readers.push(await read(named(100, 5), 'user=2'))
    expect(requested).toEqual([...named(0, 30), ...named(100, 5)])
    for (const { leave } of readers) await leave()
  })

  test('does not count an upload that another caller already follows', async () => {
    const { read, requested } = open()
    const first = await read(named(0, 50))
    const second = await read(named(0, 50), 'user=2')
    // The second reader starts the other 20, so the first one no longer waits for them.
    expect(new Set(requested)).toEqual(new Set(named(0, 50)))
    expect(requested).toHaveLength(100)
    await first.leave()
    await second.leave()
  })

  test('does not count an upload that another caller begins to follow, even if a third one stopped waiting for it', async () => {
    const { read, requested } = open({ maxNewUploadsPerMinute: 1 })
    const readers = [await read(['a', 'x']), await read(['b', 'x'], 'user=2')]
    expect(requested).toEqual(['a', 'b'])
    await readers[1]?.leave()
    readers.push(await read(['x'], 'user=3'))
    expect(requested).toEqual(['a', 'b', 'x', 'x'])
    for (const { leave } of readers) await leave()
  })

  test('does not count an upload that the caller followed within the last minute', async () => {
    const { read, requested, following } = open()
    const first = await read(named(0, 30))
    await first.leave()
    expect(following()).toBe(0)
    await pass(30_000)
    const second = await read(named(0, 30))
    expect(requested).toHaveLength(60)
    const third = await read(named(30, 1))
    expect(requested).toHaveLength(60)
    await second.leave()
    await third.leave()
    await pass(60_001)
    const fourth = await read(named(0, 31))
    expect(requested).toHaveLength(60 + 30)
    await fourth.leave()
  })

  test('does not count an upload whose terminal status is known', async () => {
    const { read, requested, emit } = open({ maxNewUploadsPerMinute: 1 })
    const first = await read(['a'])
    emit({ ...completed, prefixed_id: 'a' })
    expect(await first.next()).toMatch(/"completed"/)
    const second = await read(['a'], 'user=2')
    expect(requested).toEqual(['a', 'a'])
    const third = await read(['b'], 'user=2')
    expect(requested).toEqual(['a', 'a', 'b'])
    await second.leave()
    await third.leave()
  })

  test('does not apply without a caller', async () => {
    const { read, requested } = open()
    const { leave } = await read(named(0, 50), null)
    expect(requested).toHaveLength(50)
    await leave()
  })
})

describe('maxUploadsPerCaller', () => {
  const options = { maxUploadsPerCaller: 3, maxNewUploadsPerMinute: 1_000 }

  test('is 50 by default; further uploads wait until one ends', async () => {
    const { read, requested, emit } = open({ maxNewUploadsPerMinute: 1_000 })
    const readers = [await read(named(0, 40)), await read(named(40, 20))]
    expect(requested).toEqual(named(0, 50))
    await pass(100_000)
    expect(requested).toHaveLength(50)
    emit({ ...completed, prefixed_id: 'upload_3' })
    expect(requested).toEqual(named(0, 51))
    for (const { leave } of readers) await leave()
  })

  test('starts a waiting upload when a stream of the caller closes', async () => {
    const { read, requested } = open(options)
    const first = await read(named(0, 3))
    const second = await read(named(3, 2))
    expect(requested).toHaveLength(3)
    await first.leave()
    expect(requested).toEqual(named(0, 5))
    await second.leave()
  })

  test('counts an upload once, however many streams follow it', async () => {
    const { read, requested, following } = open(options)
    const readers = [await read(named(0, 3)), await read(named(0, 3)), await read(named(2, 2))]
    expect(requested).toEqual([...named(0, 3), ...named(0, 3), 'upload_2'])
    await readers[0]?.leave()
    expect(requested).toHaveLength(7)
    await readers[1]?.leave()
    expect(requested.at(-1)).toBe('upload_3')
    await readers[2]?.leave()
    expect(following()).toBe(0)
  })

  test('forgets the waiting uploads of a closed stream', async () => {
    const { read, requested } = open({ maxNewUploadsPerMinute: 1 })
    const first = await read(named(0, 2))
    const second = await read(named(1, 1))
    await second.leave()
    await first.leave()
    await pass(120_000)
    expect(requested).toHaveLength(1)
    expect(jest.getTimerCount()).toBe(0)
  })

  test('starts waiting uploads in their stream, which ends after the last terminal status', async () => {
    const { read, emit } = open({ maxNewUploadsPerMinute: 1 })
    const { next } = await read(['a', 'b'])
    expect(await next()).toMatch(/^retry/)
    emit({ ...completed, prefixed_id: 'a' })
    expect(await next()).toMatch(/"a".*"completed"/)
    await pass(60_000)
    emit({ ...pending, prefixed_id: 'b' })
    expect(await next()).toMatch(/"b".*"pending"/)
    emit({ ...completed, prefixed_id: 'b' })
    expect(await next()).toMatch(/"b".*"completed"/)
    expect(await next()).toBeNull()
  })

  test('counts uploads for the caller that authorize returns', async () => {
    const { read, requested } = open({ ...options, authorize: () => ({ caller: 'one' }) })
    const readers = [await read(named(0, 3), 'user=1'), await read(named(3, 3), 'user=2')]
    expect(requested).toHaveLength(3)
    for (const { leave } of readers) await leave()
  })
})

describe('a failed upload', () => {
  const failing = (): { readonly requested: string[]; readonly client: Upstream } => {
    const requested: string[] = []
    const answer = ({ account, upload }: UploadRef): TrackedStatus => {
      requested.push(upload)
      return { account, upload, status: left(rejected(404)) }
    }
    return {
      requested,
      client: {
        uploadStatuses$: uploads =>
          from(uploads).pipe(
            mergeMap(given => ('account' in given ? of(answer(given)) : given.map(answer))),
          ),
      },
    }
  }

  test('is reported from the cache to every reader for 10 s', async () => {
    const { requested, client } = failing()
    const relay = createStatusRelay({ client, authorize: () => true })
    const ask = async () => (await relay(new Request(address('a')))).text()
    const text = await ask()
    expect(text).toMatch(/"Rejected".*404/)
    await pass(9_999)
    expect(await ask()).toBe(text)
    expect(requested).toEqual(['a'])
    await pass(2)
    expect(await ask()).toBe(text)
    expect(requested).toEqual(['a', 'a'])
  })

  test('is cached for the last 1,000 uploads', async () => {
    const { requested, client } = failing()
    const relay = createStatusRelay({ client, authorize: () => true })
    const ask = async (uploads: readonly string[]) =>
      (await relay(new Request(address(...uploads)))).text()
    for (let at = 0; at <= 1_000; at += 50) await ask(named(at, 50))
    expect(requested).toHaveLength(1_050)
    await ask(named(50, 50))
    expect(requested).toHaveLength(1_050)
    await ask(named(0, 50))
    expect(requested).toHaveLength(1_100)
  })

  test('counts as a new upload when it is requested again after that', async () => {
    const { requested, client } = failing()
    const options = { client, authorize: () => true, maxNewUploadsPerMinute: 2 }
    const relay = createStatusRelay(options)
    const headers = { cookie: 'user=1' }
    const ask = async () => readerOf(await relay(new Request(address('a'), { headers })))
    for (let turn = 0; turn < 5; turn += 1) {
      await (await ask()).leave()
      await pass(10_001)
    }
    expect(requested).toHaveLength(2)
  })
})
