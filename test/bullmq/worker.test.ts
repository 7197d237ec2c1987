import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { Queue, Worker } from 'bullmq'
import { left, right } from 'fp-ts/Either'
import { Redis } from 'ioredis'
import { firstValueFrom, lastValueFrom, NEVER } from 'rxjs'
import { createUploadStatusQueue } from '../../src/bullmq'
import { jobId } from '../../src/bullmq/jobs'
import { pollJob } from '../../src/bullmq/pollJob'
import { openQueues } from '../../src/bullmq/queues'
import type { TeamBudget } from '../../src/bullmq/teamBudget'
import { decodeJob, encodeJob } from '../../src/bullmq/watchJob'
import { settingsOf } from '../../src/options'
import { newWatch } from '../../src/watch/liveWatch'
import { installTime } from '../installedProgram'
import { until } from '../until'
import { startRedis, type RedisServer } from './redisServer'
import { completedOf, inTurn, inWorld, pendingOf, refOf } from './world'

jest.setTimeout(120_000)

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis()
}, installTime)

afterAll(async () => {
  await redis.remove()
})

const unlimited: TeamBudget = {
  open: () => Promise.resolve(),
  turn: () => Promise.resolve({ wait: 0, isProbe: false, limiter: { max: 1, duration: 1 } }),
  learn: () => Promise.resolve(),
}

test('a job that waited more than 5 s between its start and its request returns to the queue', () =>
  inWorld(redis.url, async ({ queue, place }) => {
    await queue.watch([refOf('one')])()
    const request = jest.fn(() => [right(completedOf('one'))])
    // The process is suspended for this many ms after the start of each job.
    let suspended = 5_001
    let turns = 0
    const name = place.name ?? ''
    const queues = openQueues({ ...place, name, prefix: 'bull' }, () => undefined)
    const report = jest.fn()
    const poll = pollJob(
      queues,
      unlimited,
      settingsOf({ request }),
      () => Date.now() + suspended,
      report,
    )
    const worker = new Worker(
      name,
      async (job, token) => {
        turns += 1
        await poll(job, token)
      },
      { connection: { url: redis.url, maxRetriesPerRequest: null } },
    )
    await until(() => turns > 0)
    await until(async () => (await queues.watches.getJobState(jobId(refOf('one')))) === 'delayed')
    expect(request).not.toHaveBeenCalled()
    suspended = 0
    expect(await lastValueFrom(queue.uploadStatus$('acct_1', 'one'))).toEqual(
      right(completedOf('one')),
    )
    await worker.close()
    await queues.close()
  }))

test('a job of another version waits for a worker that can read it', () =>
  inWorld(redis.url, async ({ queue, start, place, errors }) => {
    const ref = refOf('one')
    const job = encodeJob({ startedAt: Date.now(), begun: newWatch, retention: 1_000 })
    const watches = new Queue(place.name ?? '', { connection: { url: redis.url } })
    await watches.add('watch', { ...job, v: 99 }, { jobId: jobId(ref) })
    const request = jest.fn(() => [right(pendingOf('one'))])
    start({ request })
    await until(async () => (await watches.getJobState(jobId(ref))) === 'delayed')
    expect(request).not.toHaveBeenCalled()
    const stored = await watches.getJob(jobId(ref))
    expect(stored === undefined ? null : decodeJob(stored)).toBeNull()
    expect(await queue.watch([ref])()).toEqual(
      left({ _tag: 'Incompatible', found: 99, expected: 2 }),
    )
    expect(errors).toEqual([])
    await watches.close()
  }))

test('a job whose data was evicted is reported and removed, so that its upload can be added again', () =>
  inWorld(redis.url, async ({ queue, start, place, errors }) => {
    const watches = new Queue(place.name ?? '', { connection: place.connection })
    const client = new Redis(redis.url)
    const key = watches.toKey(jobId(refOf('one')))
    start({ request: inTurn(pendingOf, completedOf), schedule: () => 500 })
    await queue.watch([refOf('one')])()
    await until(async () => (await watches.getDelayedCount()) === 1)
    await client.del(key)
    await until(() => errors.length > 0)
    await until(async () => (await client.keys(`${key}*`)).length === 0)
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/data of job acct_1~one is gone/) },
    ])
    expect(await queue.watch([refOf('one')])()).toEqual(right({ added: 1, known: 0 }))
    expect(await lastValueFrom(queue.uploadStatus$('acct_1', 'one'))).toEqual(
      right(completedOf('one')),
    )
    await client.quit()
    await watches.close()
  }))

test('a job without data that waits in no list counts as no job', () =>
  inWorld(redis.url, async ({ queue, start, place }) => {
    const watches = new Queue(place.name ?? '', { connection: place.connection })
    const client = new Redis(redis.url)
    // What is left if Redis evicts both a job and the list in which it waits.
    await client.hset(watches.toKey(jobId(refOf('one'))), 'processedOn', Date.now(), 'ats', 1)
    const values$ = queue.uploadStatus$('acct_1', 'one')
    expect(await firstValueFrom(values$)).toMatchObject({ left: { _tag: 'InvalidRequest' } })
    expect(await queue.watch([refOf('one')])()).toEqual(right({ added: 1, known: 0 }))
    start({ request: inTurn(completedOf) })
    expect(await lastValueFrom(values$)).toEqual(right(completedOf('one')))
    await client.quit()
    await watches.close()
  }))

test.each([
  ['is added once a worker has ended its job', 250, right({ added: 1, known: 0 })],
  [
    'is not added while its job stays locked',
    60_000,
    left({ _tag: 'Unavailable', code: 'UNKNOWN' }),
  ],
])('an upload whose job has lost its data %s', (_, locked, expected) =>
  inWorld(redis.url, async ({ queue, place }) => {
    const watches = new Queue(place.name ?? '', { connection: place.connection })
    const client = new Redis(redis.url)
    const key = watches.toKey(jobId(refOf('one')))
    await client.hset(key, 'processedOn', Date.now(), 'ats', 1)
    await client.set(`${key}:lock`, 'token', 'PX', locked)
    expect(await queue.watch([refOf('one')])()).toEqual(expected)
    await client.quit()
    await watches.close()
  }),
)

test('one call adds 300 uploads, and the next call adds none', () =>
  inWorld(redis.url, async ({ queue }) => {
    const refs = Array.from({ length: 300 }, (_, nth) => refOf(`upload_${String(nth)}`))
    expect(await queue.watch([refs])()).toEqual(right({ added: 300, known: 0 }))
    expect(await queue.watch([refs])()).toEqual(right({ added: 0, known: 300 }))
  }))

test('a limit stated by the server applies to all workers immediately', () =>
  inWorld(redis.url, async ({ queue, start, place }) => {
    const watches = new Queue(place.name ?? '', { connection: { url: redis.url } })
    const headers = { 'x-rate-limit-limit-minute': '1', 'x-rate-limit-remaining-minute': '1' }
    const answer = JSON.stringify(pendingOf('one'))
    const fetch = jest.fn(() => Promise.resolve(new Response(answer, { headers })))
    const options = { apiKey: 'key', request: undefined, fetch }
    start(options)
    start(options)
    await queue.watch([refOf('one')])()
    // The next request starts a minute later.
    await until(async () => (await watches.getRateLimitTtl(1)) > 30_000)
    expect(fetch).toHaveBeenCalledTimes(1)
    await watches.close()
  }))

test('a worker without an API key reports that and ends no upload', () =>
  inWorld(redis.url, async ({ queue, start, errors }) => {
    const secret: { key?: string } = {}
    const answer = JSON.stringify(completedOf('one'))
    const events: string[] = []
    start({
      on: ({ _tag }) => {
        events.push(_tag)
      },
      apiKey: () => secret.key,
      request: undefined,
      fetch: () => Promise.resolve(new Response(answer)),
    })
    await queue.watch([refOf('one')])()
    await until(() => errors.length > 0)
    expect(String(errors[0])).toBe(
      'TypeError: apiKey is missing: set the option apiKey or, in Node, the variable ONLYFANSAPI_API_KEY',
    )
    // The upload has returned to the queue.
    expect(events.slice(0, 2)).toEqual(['AttemptStarted', 'Stopped'])
    secret.key = 'key'
    expect(await lastValueFrom(queue.uploadStatus$('acct_1', 'one'))).toEqual(
      right(completedOf('one')),
    )
  }))

test('an upload that was added by a clock 10 minutes ahead is polled by its schedule', () =>
  inWorld(redis.url, async ({ queue, start, settled }) => {
    const real = Date.now.bind(Date)
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + 600_000)
    await queue.watch([refOf('one')])()
    clock.mockRestore()
    start()
    await until(() => settled.length > 0, 5_000)
    expect(settled).toMatchObject([{ upload: 'one', status: right(completedOf('one')) }])
  }))

test('another process can cancel an upload during a poll', () =>
  inWorld(redis.url, async ({ queue, start, place, settled }) => {
    const request$ = jest.fn(() => NEVER)
    start({ request: request$, attemptTimeout: 1_000 })
    await queue.watch([refOf('one')])()
    await until(() => request$.mock.calls.length > 0)
    const other = createUploadStatusQueue(place)
    expect(await other.cancel(refOf('one'))()).toEqual(right(true))
    expect(await firstValueFrom(queue.uploadStatus$('acct_1', 'one'))).toMatchObject({
      left: { _tag: 'Cancelled' },
    })
    await until(() => settled.length > 0)
    await other.close()
  }))

test('a Redis that may evict jobs causes a warning', async () => {
  const evicting = await startRedis('--maxmemory-policy', 'allkeys-lru')
  const warn = jest.spyOn(console, 'warn').mockReturnValue()
  try {
    await inWorld(evicting.url, async ({ queue }) => {
      await queue.watch([refOf('one')])()
    })
    expect(warn.mock.calls.join()).toMatch(/policy is allkeys-lru.* "noeviction"/)
  } finally {
    warn.mockRestore()
    await evicting.remove()
  }
})
