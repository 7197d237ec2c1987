import { randomUUID } from 'node:crypto'
import { setTimeout as pass } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { right } from 'fp-ts/Either'
import { of } from 'rxjs'
import { spaced } from 'rx-upload-status'
import { createUploadStatusQueue, createUploadStatusWorker } from 'rx-upload-status/bullmq'
import { startRedis } from '../bullmq/redisServer'
import { printRows } from './table'

// The queue on a real Redis that this program starts. Workers answer by themselves: no HTTP.

const redis = await startRedis()
const client = new Redis(redis.url)

const figureOf = async (section: string, name: string): Promise<number> => {
  const text = await client.info(section)
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1])
}
const memory = (): Promise<number> => figureOf('memory', 'used_memory')
const commands = (): Promise<number> => figureOf('stats', 'total_commands_processed')

/** Workers poll uploads that never end. Gives when each request started, in ms. */
const polls = async (
  { uploads, perMinute, wait }: { uploads: number; perMinute: number; wait: number },
  work: (starts: readonly number[]) => Promise<void>,
): Promise<void> => {
  const place = { connection: { url: redis.url }, name: randomUUID() }
  const queue = createUploadStatusQueue(place)
  const refs = Array.from({ length: uploads }, (_, nth) => ({
    account: 'acct_1',
    upload: `ofapi_media_${String(nth)}`,
  }))
  const before = await memory()
  await queue.watch([refs])()
  rows.push([
    `Redis bytes an upload, of ${String(uploads)}`,
    (((await memory()) - before) / uploads).toFixed(0),
  ])
  const starts: number[] = []
  const workers = Array.from({ length: 4 }, () =>
    createUploadStatusWorker({
      ...place,
      perMinute,
      headroom: 0,
      concurrency: 16,
      schedule: spaced(wait),
      request: ({ upload }) => {
        starts.push(performance.now())
        return of(right({ status: 'processing' as const, prefixed_id: upload }))
      },
    }),
  )
  await work(starts)
  await Promise.all(workers.map(worker => worker.close()))
  await queue.close()
}

const rows: string[][] = [['figure', 'value']]

/** Requests of the last so many ms, per minute. */
const rateOver = async (starts: readonly number[], ms: number): Promise<number> => {
  await pass(3_000)
  const from = starts.length
  await pass(ms)
  return ((starts.length - from) / ms) * 60_000
}

/** The most requests in any window of so many ms. */
const mostIn = (starts: readonly number[], ms: number): number => {
  let first = 0
  return starts.reduce((most, at, last) => {
    while (at - (starts[first] ?? at) >= ms) first += 1
    return Math.max(most, last - first + 1)
  }, 0)
}

for (const perMinute of [600, 5_000])
  await polls({ uploads: 200, perMinute, wait: 100 }, async starts => {
    const rate = await rateOver(starts, 10_000)
    rows.push([`used of ${String(perMinute)} a minute, %`, ((rate / perMinute) * 100).toFixed(0)])
    const allowed = (perMinute * 5) / 60
    rows.push([
      `most in any 5 s at ${String(perMinute)} a minute, of ${allowed.toFixed(0)}`,
      String(mostIn(starts, 5_000)),
    ])
  })

await polls({ uploads: 500, perMinute: 60_000, wait: 10 }, async starts => {
  rows.push(['polls a second, unlimited', ((await rateOver(starts, 10_000)) / 60).toFixed(0)])
})

await polls({ uploads: 500, perMinute: 60_000, wait: 1_000_000 }, async starts => {
  while (starts.length < 500) await pass(100)
  await pass(2_000)
  const before = await commands()
  await pass(10_000)
  rows.push([
    'commands a second of 4 idle workers',
    (((await commands()) - before) / 10).toFixed(1),
  ])
})

printRows('The queue: 4 workers in one process', rows)
await client.quit()
await redis.remove()
