import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { lastValueFrom, toArray } from 'rxjs'
import { createUploadStatusQueue } from '../../src/bullmq'
import { installTime } from '../installedProgram'
import { startRedis } from './redisServer'
import { startStatusServer } from './statusServer'
import { buildWorker, startWorker, type ReportedEnd, type WorkerProcess } from './workerProcess'
import { until } from '../until'
import { refOf } from './world'

jest.setTimeout(installTime)

beforeAll(buildWorker)

const uploads = Array.from({ length: 30 }, (_, nth) => `upload_${String(nth)}`)

describe('nothing is lost', () => {
  test('while workers and Redis are killed, and the limit is kept', async () => {
    const redis = await startRedis()
    const server = await startStatusServer(4)
    const name = randomUUID()
    const queue = createUploadStatusQueue({ connection: { url: redis.url }, name })
    const ends: ReportedEnd[] = []
    const perMinute = 1_200
    const workers: WorkerProcess[] = []
    const start = (): WorkerProcess => {
      const worker = startWorker(
        { REDIS_URL: redis.url, QUEUE: name, SERVER: server.url, PER_MINUTE: String(perMinute) },
        end => {
          ends.push(end)
        },
      )
      workers.push(worker)
      return worker
    }
    const ended = (): number => new Set(ends.map(({ upload }) => upload)).size
    const polled = async (count: number): Promise<void> => {
      const from = server.arrivals.length
      await until(() => server.arrivals.length >= from + count)
    }

    try {
      expect(await queue.watch(uploads.map(refOf))()).toEqual(right({ added: 30, known: 0 }))
      const following = lastValueFrom(queue.uploadStatuses$(uploads.map(refOf)).pipe(toArray()))
      const [first, second] = [start(), start()]
      await polled(10)
      await first.kill()
      await polled(10)
      await redis.kill()
      const failure = await queue.watch([refOf('more')])()
      expect(failure).toMatchObject({ left: { _tag: 'Unavailable' } })
      await redis.start()
      start()
      await polled(5)
      await second.kill()
      await until(() => ended() === uploads.length)

      expect(new Set(ends.map(({ id }) => id)).size).toBe(uploads.length)
      expect(ends.filter(({ end }) => end !== 'completed')).toEqual([])
      const followed = await following
      const last = followed.filter(
        ({ status }) => status._tag === 'Right' && status.right.status === 'completed',
      )
      expect(last.map(({ upload }) => upload).sort()).toEqual([...uploads].sort())

      // In any 5 s no more than the limit, and what a delay of a second on a busy machine adds.
      const most = Math.max(
        ...server.arrivals.map(
          from => server.arrivals.filter(at => at >= from && at < from + 5_000).length,
        ),
      )
      expect(most).toBeLessThanOrEqual(((5_000 + 1_000) * perMinute) / 60_000 + 1)
    } finally {
      await Promise.all(workers.map(worker => worker.kill()))
      await queue.close()
      await server.close()
      await redis.remove()
    }
  })
})
