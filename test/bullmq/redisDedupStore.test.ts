import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { right } from 'fp-ts/Either'
import { lastValueFrom } from 'rxjs'
import { createUploadStatusQueue, describeQueueFailure, redisDedupStore } from '../../src/bullmq'
import type { DedupStore } from '../../src/webhook'
import { spaced } from '../../src/watch/schedule'
import { installTime } from '../installedProgram'
import { until } from '../until'
import { delivery, ended, logged } from '../webhook/deliveries'
import { startRedis, type RedisServer } from './redisServer'
import { completedOf, inTurn, inWorld, pendingOf, refOf } from './world'

jest.setTimeout(30_000)

let redis: RedisServer
let clients: readonly Redis[] = []
/** One store for each process. */
let stores: readonly [DedupStore, DedupStore]

beforeAll(async () => {
  redis = await startRedis()
  const client = (): Redis => new Redis(redis.url, { maxRetriesPerRequest: 1 })
  const [one, two] = [client(), client()]
  clients = [one, two]
  await Promise.all(clients.map(client => client.ping()))
  stores = [redisDedupStore(one), redisDedupStore(two)]
}, installTime)

afterAll(async () => {
  await Promise.all(clients.map(client => client.quit()))
  await redis.remove()
})

const hour = 3_600_000

describe('redisDedupStore', () => {
  test('grants one of many claims in two processes', async () => {
    const claims = Array.from({ length: 50 }, (_, nth) =>
      stores[nth % 2 === 0 ? 0 : 1].claim('many', hour),
    )
    const results = await Promise.all(claims)
    expect(results.filter(result => result === 'claimed')).toHaveLength(1)
    expect(results.filter(result => result === 'busy')).toHaveLength(49)
  })

  test('keeps an event done in both processes, even if a claim is released later', async () => {
    const [one, two] = stores
    expect(await one.claim('event', hour)).toBe('claimed')
    await one.done('event', hour)
    expect(await two.claim('event', hour)).toBe('done')
    await one.release('event')
    await two.release('event')
    expect(await one.claim('event', hour)).toBe('done')
  })

  test('grants a claim again after it is released', async () => {
    const [one, two] = stores
    await one.claim('failed', hour)
    await one.release('failed')
    expect(await two.claim('failed', hour)).toBe('claimed')
    // The other process holds the claim now.
    await one.release('failed')
    expect(await one.claim('failed', hour)).toBe('busy')
  })

  test('expires claims and processed events', async () => {
    const [one, two] = stores
    await one.claim('lapsing', 0.5)
    await until(async () => (await two.claim('lapsing', hour)) === 'claimed')
    await two.done('lapsing', 0.5)
    await until(async () => (await one.claim('lapsing', hour)) === 'claimed')
  })

  test('uses the configured prefix', async () => {
    const [client] = clients
    if (client === undefined) throw new Error('there is no client')
    await redisDedupStore(client, { prefix: 'mine' }).claim('event', hour)
    expect(await client.keys('mine:*')).toEqual(['mine:{event}:claim'])
  })

  test('rejects invalid options', () => {
    const [client] = clients
    expect(() => redisDedupStore({} as never)).toThrow(
      'client must be a client of ioredis, not an object',
    )
    if (client === undefined) throw new Error('there is no client')
    expect(() => redisDedupStore(client, { prefix: 7 as never })).toThrow(
      'prefix must be a string, not a number',
    )
  })

  test('rejects while Redis is disconnected', async () => {
    const away = new Redis(redis.url)
    await away.ping()
    away.disconnect()
    await expect(redisDedupStore(away).claim('event', hour)).rejects.toThrow()
  })
})

test('two webhooks process a delivery once and end the watch of another process immediately', () =>
  inWorld(redis.url, async ({ queue, start, place, settled }) => {
    start({ schedule: spaced(1_000_000), request: inTurn(pendingOf) })
    await queue.watch([refOf('one')])()
    const producer = createUploadStatusQueue(place)
    const pushed: string[] = []
    const webhooks = stores.map(
      store =>
        logged({
          store,
          onStatus: async status => {
            pushed.push(status.upload)
            const result = await producer.push(status)()
            // The webhook answers 503, and the vendor repeats the delivery.
            if (result._tag === 'Left') throw new Error(describeQueueFailure(result.left))
          },
        }).webhook,
    )
    const deliver = (): Promise<readonly number[]> =>
      Promise.all(
        webhooks.map(
          async webhook => (await webhook(delivery(ended('completed', refOf('one'))))).status,
        ),
      )
    expect([...(await deliver())].sort()).toEqual([204, 503])
    expect(await deliver()).toEqual([204, 204])
    expect(pushed).toEqual(['one'])
    expect(await lastValueFrom(queue.uploadStatus$('acct_1', 'one'))).toEqual(
      right(completedOf('one')),
    )
    await until(() => settled.length === 1)
    await producer.close()
  }))
