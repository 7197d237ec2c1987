import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, jest, test } from '@jest/globals'
import { filter, firstValueFrom, fromEvent, NEVER } from 'rxjs'
import { createUploadStatusQueue, createUploadStatusWorker } from '../../src/bullmq'
import { installTime } from '../installedProgram'
import { until } from '../until'
import { startRedis } from './redisServer'
import { refOf } from './world'

jest.setTimeout(installTime)

// `leaks.ts` fails a test that leaves a connection or a timer behind.

// A worker of BullMQ 5, for which the variable is set, waits for Redis if it has a running job.
const states = [
  'before the first connection',
  ...(process.env['BULLMQ'] === undefined ? ['during a poll'] : []),
]

test.each(states)('a worker and a queue close while Redis is down, %s', async when => {
  const redis = await startRedis()
  if (when === 'before the first connection') await redis.kill()
  const place = { connection: { url: redis.url } }
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

test('a worker that is closed during its first checks for stalled jobs leaves no timer behind', async () => {
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
