import { randomUUID } from 'node:crypto'
import { lastValueFrom, toArray } from 'rxjs'
import { createUploadStatusQueue } from '../../src/bullmq'
import { until } from '../until'
import { startRedis } from './redisServer'
import { startStatusServer } from './statusServer'
import { startWorker, type ReportedEnd, type WorkerProcess } from './workerProcess'
import { refOf } from './world'

/** The processes to kill while uploads are polled. */
export interface FaultPlan {
  readonly uploads: number
  /** Each upload completes with this poll. */
  readonly polls: number
  readonly perMinute: number
  readonly workers: number
  /** In this order, each after `between` more requests. A worker is replaced, and Redis restarted. */
  readonly kills: ReadonlyArray<'worker' | 'redis'>
  readonly between: number
  /** Called after each kill, with the number of uploads that have ended. */
  readonly onKill?: (kills: number, ended: number) => void
}

/** The most ms until the end of a killed worker is reported: its lock of 30 s, and two checks. */
const longestReport = 120_000

/** The outcome of a run. */
export interface FaultRun {
  /** The calls of `onSettled`, at least one for each upload. */
  readonly reported: readonly ReportedEnd[]
  /** Uploads whose end reached a subscriber of the queue. */
  readonly followed: readonly string[]
  /** The result of a call to the queue each time that Redis was down. */
  readonly whileDown: readonly unknown[]
  /** When each request arrived at the server, in ms. */
  readonly arrivals: readonly number[]
}

/** Polls uploads by several workers, with the queue on a real Redis, and kills as planned. */
export const runFaults = async ({
  uploads,
  polls,
  perMinute,
  workers: count,
  kills,
  between,
  onKill,
}: FaultPlan): Promise<FaultRun> => {
  const refs = Array.from({ length: uploads }, (_, nth) => refOf(`upload_${String(nth)}`))
  const redis = await startRedis()
  const server = await startStatusServer(polls)
  const name = randomUUID()
  const queue = createUploadStatusQueue({ connection: { url: redis.url }, name })
  const reported: ReportedEnd[] = []
  const whileDown: unknown[] = []
  let workers: readonly WorkerProcess[] = []
  const start = (): void => {
    const worker = startWorker(
      { REDIS_URL: redis.url, QUEUE: name, SERVER: server.url, PER_MINUTE: String(perMinute) },
      end => {
        reported.push(end)
      },
    )
    workers = [...workers, worker]
  }
  const ended = (): number => new Set(reported.map(({ upload }) => upload)).size

  try {
    await queue.watch(refs)()
    const following = lastValueFrom(queue.uploadStatuses$(refs).pipe(toArray()))
    for (let nth = 0; nth < count; nth += 1) start()
    for (const [nth, kind] of kills.entries()) {
      const from = server.arrivals.length
      await until(() => server.arrivals.length >= from + between || ended() === uploads)
      if (kind === 'redis') {
        await redis.kill()
        whileDown.push(await queue.watch([refOf('more')])())
        await redis.start()
      } else {
        const [oldest, ...others] = workers
        await oldest?.kill()
        workers = others
        start()
      }
      onKill?.(nth + 1, ended())
    }
    await until(() => ended() === uploads, longestReport)
    const followed = (await following).flatMap(({ upload, status }) =>
      status._tag === 'Right' && status.right.status === 'completed' ? [upload] : [],
    )
    return { reported, followed, whileDown, arrivals: server.arrivals }
  } finally {
    await Promise.all(workers.map(worker => worker.kill()))
    await queue.close()
    await server.close()
    await redis.remove()
  }
}

/** The most requests in any window of this many ms. */
export const mostIn = (arrivals: readonly number[], ms: number): number => {
  let first = 0
  return arrivals.reduce((most, at, last) => {
    while (at - (arrivals[first] ?? at) >= ms) first += 1
    return Math.max(most, last - first + 1)
  }, 0)
}
