import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { Queue } from 'bullmq'
import { left, right } from 'fp-ts/Either'
import { Redis } from 'ioredis'
import { lastValueFrom, timer, toArray } from 'rxjs'
import { installTime } from '../installedProgram'
import { until } from '../until'
import { freePort, startRedis, type RedisServer } from './redisServer'
import { completedOf, inTurn, inWorld, processingOf, refOf } from './world'

jest.setTimeout(30_000)

let redis: RedisServer
let client: Redis

beforeAll(async () => {
  redis = await startRedis()
  client = new Redis(redis.url)
  await client.ping()
}, installTime)

afterAll(async () => {
  await client.quit()
  await redis.remove()
})

const setMemory = (bytes: number): Promise<unknown> =>
  client.config('SET', 'maxmemory', String(bytes))

test('while Redis is full, calls fail and workers try again after a second; then all continue', () =>
  inWorld(redis.url, async ({ queue, start, place, settled, errors }) => {
    const watches = new Queue(place.name ?? '', { connection: place.connection })
    start({ request: inTurn(processingOf, completedOf), schedule: () => 500 })
    await queue.watch([refOf('one')])()
    const values = lastValueFrom(queue.uploadStatus$('acct_1', 'one').pipe(toArray()))
    await until(async () => (await watches.getDelayedCount()) === 1)
    await setMemory(1)
    const full = left({ _tag: 'Refused', code: 'OOM' })
    expect(await queue.watch([refOf('two')])()).toEqual(full)
    expect(await queue.push({ ...refOf('one'), status: completedOf('one') })()).toEqual(full)
    expect(await queue.cancel(refOf('one'))()).toEqual(full)
    await until(() => errors.length > 0)
    await lastValueFrom(timer(1_500))
    expect(errors[0]?.message).toMatch(/^OOM /)
    // Without the wait there are thousands.
    expect(errors.length).toBeLessThan(10)
    await setMemory(0)
    expect(await values).toEqual([right(processingOf('one')), right(completedOf('one'))])
    await until(() => settled.length > 0)
    expect(settled).toMatchObject([{ upload: 'one' }])
    await watches.close()
  }))

test.each([
  [
    'throws',
    () => {
      throw new Error('of onError')
    },
  ],
  ['rejects', () => Promise.reject(new Error('of onError'))],
])('an onError that %s stops neither a queue nor a worker', async (_, failing) => {
  const port = await freePort()
  const calls: string[] = []
  const onErrorOf = (owner: string) => (): unknown => {
    calls.push(owner)
    return failing()
  }
  const unreachable = `redis://127.0.0.1:${String(port)}`
  await inWorld(
    unreachable,
    async ({ queue, start }) => {
      start({ onError: onErrorOf('worker') })
      expect(await queue.watch([refOf('one')])()).toEqual(
        left({ _tag: 'Unavailable', code: 'ECONNREFUSED' }),
      )
      await until(() => new Set(calls).size === 2 && calls.length > 4)
    },
    { onError: onErrorOf('queue') },
  )
})
