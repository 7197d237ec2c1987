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

/** Readers that read nothing for two minutes are not given up. */
const patient = { heartbeat: 30_000 }

/** A relay, the uploads that it has asked its client for, and readers of it. */
const open = (options: Partial<RelayOptions> = {}) => {
  const upstream = byHand()
  const asked: string[] = []
  const client: Upstream = {
    uploadStatuses$: uploads =>
      upstream.client.uploadStatuses$(
        from(uploads).pipe(
          mergeMap(given => ('account' in given ? [given] : given)),
          tap(({ upload }) => asked.push(upload)),
        ),
      ),
  }
  const relay = createStatusRelay(permissive(upstream, { client, ...patient, ...options }).options)
  return {
    ...upstream,
    asked,
    read: async (uploads: readonly string[], cookie: string | null = 'user=1') => {
      const headers = cookie === null ? {} : { cookie }
      return readerOf(await relay(new Request(address(...uploads), { headers })))
    },
  }
}

describe('the new uploads of a caller', () => {
  test('are 30 a minute; the others wait, in order', async () => {
    const { read, asked } = open()
    const { leave } = await read(named(0, 50))
    expect(asked).toEqual(named(0, 30))
    await pass(59_000)
    expect(asked).toHaveLength(30)
    await pass(1_001)
    expect(asked).toEqual(named(0, 50))
    await leave()
  })

  test('are as many as the option permits', async () => {
    const { read, asked } = open({ maxNewUploadsPerMinute: 2 })
    const { leave } = await read(named(0, 5))
    expect(asked).toHaveLength(2)
    await pass(60_001)
    expect(asked).toHaveLength(4)
    await pass(59_000)
    expect(asked).toHaveLength(4)
    await leave()
  })

  test('are counted over all of its streams, and for no other caller', async () => {
    const { read, asked } = open()
    const readers = [await read(named(0, 20)), await read(named(20, 20))]
    expect(asked).toHaveLength(30)
    readers.push(await read(named(100, 5), 'user=2'))
    expect(asked).toEqual([...named(0, 30), ...named(100, 5)])
    for (const { leave } of readers) await leave()
  })

  test('are not those that another caller already follows', async () => {
    const { read, asked } = open()
    const first = await read(named(0, 50))
    const second = await read(named(0, 50), 'user=2')
    // The second one begins the other 20, for which the first one waits no more.
    expect(new Set(asked)).toEqual(new Set(named(0, 50)))
    expect(asked).toHaveLength(100)
    await first.leave()
    await second.leave()
  })

  test('are not those that it left within the last minute', async () => {
    const { read, asked, following } = open()
    const first = await read(named(0, 30))
    await first.leave()
    expect(following()).toBe(0)
    await pass(30_000)
    const second = await read(named(0, 30))
    expect(asked).toHaveLength(60)
    const third = await read(named(30, 1))
    expect(asked).toHaveLength(60)
    await second.leave()
    await third.leave()
    await pass(60_001)
    const fourth = await read(named(0, 31))
    expect(asked).toHaveLength(60 + 30)
    await fourth.leave()
  })

  test('are not those whose terminal status the client has', async () => {
    const { read, asked, say } = open({ maxNewUploadsPerMinute: 1 })
    const first = await read(['a'])
    say({ ...completed, prefixed_id: 'a' })
    expect(await first.next()).toMatch(/"completed"/)
    const second = await read(['a'], 'user=2')
    expect(asked).toEqual(['a', 'a'])
    const third = await read(['b'], 'user=2')
    expect(asked).toEqual(['a', 'a', 'b'])
    await second.leave()
    await third.leave()
  })

  test('have no cap without a caller', async () => {
    const { read, asked } = open()
    const { leave } = await read(named(0, 50), null)
    expect(asked).toHaveLength(50)
    await leave()
  })
})

describe('the uploads of a caller', () => {
  const options = { maxUploadsPerCaller: 3, maxNewUploadsPerMinute: 1_000 }

  test('are 50 at once; the others wait until one ends', async () => {
    const { read, asked, say } = open({ maxNewUploadsPerMinute: 1_000 })
    const readers = [await read(named(0, 40)), await read(named(40, 20))]
    expect(asked).toEqual(named(0, 50))
    await pass(100_000)
    expect(asked).toHaveLength(50)
    say({ ...completed, prefixed_id: 'upload_3' })
    expect(asked).toEqual(named(0, 51))
    for (const { leave } of readers) await leave()
  })

  test('wait until one is left', async () => {
    const { read, asked } = open(options)
    const first = await read(named(0, 3))
    const second = await read(named(3, 2))
    expect(asked).toHaveLength(3)
    await first.leave()
    expect(asked).toEqual(named(0, 5))
    await second.leave()
  })

  test('count once, however many of its streams follow them', async () => {
    const { read, asked, following } = open(options)
    const readers = [await read(named(0, 3)), await read(named(0, 3)), await read(named(2, 2))]
    expect(asked).toEqual([...named(0, 3), ...named(0, 3), 'upload_2'])
    await readers[0]?.leave()
    expect(asked).toHaveLength(7)
    await readers[1]?.leave()
    expect(asked.at(-1)).toBe('upload_3')
    await readers[2]?.leave()
    expect(following()).toBe(0)
  })

  test('that wait are forgotten with their stream', async () => {
    const { read, asked } = open({ maxNewUploadsPerMinute: 1 })
    const first = await read(named(0, 2))
    const second = await read(named(1, 1))
    await second.leave()
    await first.leave()
    await pass(120_000)
    expect(asked).toHaveLength(1)
    expect(jest.getTimerCount()).toBe(0)
  })

  test('are sent to their stream as they are permitted, which then ends', async () => {
    const { read, say } = open({ maxNewUploadsPerMinute: 1 })
    const { next } = await read(['a', 'b'])
    expect(await next()).toMatch(/^retry/)
    say({ ...completed, prefixed_id: 'a' })
    expect(await next()).toMatch(/"a".*"completed"/)
    await pass(60_000)
    say({ ...pending, prefixed_id: 'b' })
    expect(await next()).toMatch(/"b".*"pending"/)
    say({ ...completed, prefixed_id: 'b' })
    expect(await next()).toMatch(/"b".*"completed"/)
    expect(await next()).toBeNull()
  })

  test('are counted for the caller that authorize names', async () => {
    const { read, asked } = open({ ...options, authorize: () => ({ caller: 'one' }) })
    const readers = [await read(named(0, 3), 'user=1'), await read(named(3, 3), 'user=2')]
    expect(asked).toHaveLength(3)
    for (const { leave } of readers) await leave()
  })
})

describe('a failure', () => {
  const failing = (): { readonly asked: string[]; readonly client: Upstream } => {
    const asked: string[] = []
    const answer = ({ account, upload }: UploadRef): TrackedStatus => {
      asked.push(upload)
      return { account, upload, status: left(rejected(404)) }
    }
    return {
      asked,
      client: {
        uploadStatuses$: uploads =>
          from(uploads).pipe(
            mergeMap(given => ('account' in given ? of(answer(given)) : given.map(answer))),
          ),
      },
    }
  }

  test('is the answer to everybody for 10 s, without another request', async () => {
    const { asked, client } = failing()
    const relay = createStatusRelay({ client, authorize: () => true })
    const ask = async () => (await relay(new Request(address('a')))).text()
    const text = await ask()
    expect(text).toMatch(/"Rejected".*404/)
    await pass(9_999)
    expect(await ask()).toBe(text)
    expect(asked).toEqual(['a'])
    await pass(2)
    expect(await ask()).toBe(text)
    expect(asked).toEqual(['a', 'a'])
  })

  test('is remembered for the last 1,000 uploads', async () => {
    const { asked, client } = failing()
    const relay = createStatusRelay({ client, authorize: () => true })
    const ask = async (uploads: readonly string[]) =>
      (await relay(new Request(address(...uploads)))).text()
    for (let at = 0; at <= 1_000; at += 50) await ask(named(at, 50))
    expect(asked).toHaveLength(1_050)
    await ask(named(50, 50))
    expect(asked).toHaveLength(1_050)
    await ask(named(0, 50))
    expect(asked).toHaveLength(1_100)
  })

  test('counts as a new upload when it is requested again', async () => {
    const { asked, client } = failing()
    const options = { client, authorize: () => true, maxNewUploadsPerMinute: 2 }
    const relay = createStatusRelay(options)
    const headers = { cookie: 'user=1' }
    const ask = async () => readerOf(await relay(new Request(address('a'), { headers })))
    for (let turn = 0; turn < 5; turn += 1) {
      await (await ask()).leave()
      await pass(10_001)
    }
    expect(asked).toHaveLength(2)
  })
})
