import { expect, jest, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { left, right } from 'fp-ts/Either'
import { lastValueFrom } from 'rxjs'
import { describeQueueFailure } from '../../src/bullmq'
import { installTime } from '../installedProgram'
import { until } from '../until'
import { startAddress } from './address'
import { startRedis } from './redisServer'
import { completedOf, inTurn, inWorld, processingOf, refOf } from './world'

jest.setTimeout(installTime)

test('after a failover all clients continue with the new primary', async () => {
  const old = await startRedis()
  const next = await startRedis('--replicaof', '127.0.0.1', String(old.port))
  const address = await startAddress(old.port)
  const clients = [old, next].map(({ url }) => new Redis(url))
  const [ofOld, ofNext] = clients
  let isOver = false
  await inWorld(address.url, async ({ queue, start }) => {
    start({
      onError: () => undefined,
      request: ref =>
        isOver ? [right(completedOf(ref.upload))] : [right(processingOf(ref.upload))],
    })
    await queue.watch([refOf('one')])()
    const end = lastValueFrom(queue.uploadStatus$('acct_1', 'one'))
    await until(async () => ((await ofNext?.keys('bull:*:acct_1~one')) ?? []).length > 0)
    await ofNext?.replicaof('NO', 'ONE')
    address.leadTo(next.port)
    await ofOld?.replicaof('127.0.0.1', next.port)
    isOver = true
    await until(async () => (await queue.watch([refOf('two')])())._tag === 'Right')
    expect(await end).toEqual(right(completedOf('one')))
    expect(await lastValueFrom(queue.uploadStatus$('acct_1', 'two'))).toEqual(
      right(completedOf('two')),
    )
  })
  await Promise.all(clients.map(client => client.quit()))
  await address.close()
  await Promise.all([old, next].map(redis => redis.remove()))
})

test('a cluster requires a hash tag in the prefix', async () => {
  const cluster = await startRedis('--cluster-enabled', 'yes')
  const client = new Redis(cluster.url)
  await client.cluster('ADDSLOTSRANGE', 0, 16_383)
  await until(async () => (await client.cluster('INFO')).includes('cluster_state:ok'))
  const failure = { _tag: 'Refused', code: 'CROSSSLOT' } as const
  await inWorld(cluster.url, async ({ queue }) => {
    expect(await queue.watch([refOf('one')])()).toEqual(left(failure))
    expect(describeQueueFailure(failure)).toMatch(/prefix .* \{bull\}/)
  })
  const prefix = '{bull}'
  await inWorld(
    cluster.url,
    async ({ queue, start, errors }) => {
      start({ prefix, request: inTurn(processingOf, completedOf) })
      await queue.watch([refOf('one')])()
      expect(await lastValueFrom(queue.uploadStatus$('acct_1', 'one'))).toEqual(
        right(completedOf('one')),
      )
      expect(errors).toEqual([])
    },
    { prefix },
  )
  await client.quit()
  await cluster.remove()
})
