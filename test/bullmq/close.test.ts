import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, jest, test } from '@jest/globals'
import { Queue, Worker, type ConnectionOptions } from 'bullmq'
import { right } from 'fp-ts/Either'
import { Redis } from 'ioredis'
import { filter, firstValueFrom, fromEvent, NEVER } from 'rxjs'
import { createUploadStatusQueue, createUploadStatusWorker } from '../../src/bullmq'
import { closeQuietly } from '../../src/bullmq/closeQuietly'
import { installTime } from '../installedProgram'
import { until } from '../until'
import { startRedis } from './redisServer'
import { pendingOf, refOf } from './world'

jest.setTimeout(installTime)

// `leaks.ts` fails a test that leaves a connection or a timer behind.

const never = { retryStrategy: () => 100_000 }

/** The connections of workers and queues: options, or a client that is theirs to use, but not to close. */
const connections: Readonly<Record<string, (url: string) => ConnectionOptions>> = {
  'with options': url => ({ url }),
  'with options that wait long before they connect again': url => ({ url, ...never }),
}

// A worker of BullMQ 5, for which the variable is set, waits for Redis if it has a running job.
const states = [
  'before the first connection',
  ...(process.env['BULLMQ'] === undefined ? ['during a poll'] : []),
]

describe.each(Object.entries(connections))('%s', (_, connectionTo) => {
  test.each(states)('a worker and a queue close while Redis is down, %s', async when => {
    const redis = await startRedis()
    if (when === 'before the first connection') await redis.kill()
    const place = { connection: connectionTo(redis.url) }
    const errors: unknown[] = []
    let polls = 0
    const queue = createUploadStatusQueue({ ...place, onError: error => errors.push(error) })
    const worker = createUploadStatusWorker({
      ...place,
      perMinute: 60_000,
      attemptTimeout: 300,
      onError: error => errors.push(error),
      request: () => {
        polls += 1
        return NEVER
      },
    })
    if (when === 'during a poll') {
      await queue.watch([refOf('one')])()
      await until(() => polls > 0)
      await redis.kill()
    }
    const end = firstValueFrom(queue.uploadStatus$('acct_1', 'one'))
    await until(() => errors.length > 0)
    await Promise.all([queue.close(), worker.close()])
    expect(await end).toMatchObject({ left: { _tag: 'Cancelled' } })
    await redis.remove()
  })
})

test('a worker and a queue with a client close while Redis is down, and leave the client', async () => {
  const redis = await startRedis()
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null, ...never })
  const errors: unknown[] = []
  const onError = (error: unknown): void => {
    errors.push(error)
  }
  connection.on('error', onError)
  const queue = createUploadStatusQueue({ connection, onError })
  // A job or a command would wait for the client, so it has no job.
  const worker = createUploadStatusWorker({ connection, name: 'idle', perMinute: 60_000, onError })
  await queue.watch([refOf('one')])()
  await queue.push({ ...refOf('one'), status: pendingOf('one') })()
  const seen: unknown[] = []
  queue.uploadStatus$('acct_1', 'one').subscribe(value => seen.push(value))
  await until(() => seen.length > 0)
  await until(async () => (await connection.info('clients')).includes('blocked_clients:4'))
  await redis.kill()
  await until(() => connection.status === 'reconnecting')
  await Promise.all([queue.close(), worker.close()])
  expect(seen).toMatchObject([right(pendingOf('one')), { left: { _tag: 'Cancelled' } }])
  expect(connection.status).toBe('reconnecting')
  connection.disconnect()
  await redis.remove()
})

test('a worker whose running job waits for a client closes within the longest wait', async () => {
  const redis = await startRedis()
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null })
  connection.on('error', () => undefined)
  const queue = new Queue('jobs', { connection: { url: redis.url } })
  let isAway = (): void => undefined
  const away = new Promise<void>(resolve => {
    isAway = resolve
  })
  const running = jest.fn(() => away)
  const worker = new Worker('jobs', running, { connection })
  worker.on('error', () => undefined)
  await queue.add('job', {})
  await until(() => running.mock.calls.length > 0)
  await queue.close()
  await redis.kill()
  isAway()
  await closeQuietly(worker, connection, 100)
  // Now the job can be stored, and the worker ends.
  await redis.start()
  await worker.close()
  await connection.quit()
  await redis.remove()
})

test('a worker closed during its first checks for stalled jobs leaves no timer behind', async () => {
  const redis = await startRedis()
  const monitor = connect(redis.port, '127.0.0.1')
  monitor.write('MONITOR\r\n')
  await once(monitor, 'data')
  const commands$ = fromEvent(monitor, 'data', String)
  for (let round = 0; round < 5; round += 1) {
    const worker = createUploadStatusWorker({
      connection: { url: redis.url },
      perMinute: 60_000,
      onSettled: () => Promise.resolve(),
    })
    await firstValueFrom(commands$.pipe(filter(command => command.includes(':stalled-check'))))
    await worker.close()
  }
  monitor.destroy()
  await redis.remove()
})
