import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { left, right } from 'fp-ts/Either'
import { filter, firstValueFrom, lastValueFrom, Observable, toArray, type Observer } from 'rxjs'
import { followedWatches, type FollowedWatches } from '../../src/bullmq/followedWatches'
import { createUploadStatusQueue } from '../../src/bullmq'
import { jobId } from '../../src/bullmq/jobs'
import { maxEvents, openQueues, type Queues } from '../../src/bullmq/queues'
import { decodeJob } from '../../src/bullmq/watchJob'
import type { UploadRef } from '../../src/api/uploadRef'
import type { Watcher } from '../../src/watch/bulk/running'
import type { Watched } from '../../src/watch/event'
import { installTime } from '../installedProgram'
import { until } from '../until'
import { startAddress } from './address'
import { startRedis, type RedisServer } from './redisServer'
import { completedOf, counted, inWorld, pendingOf, processingOf, refOf } from './world'

jest.setTimeout(30_000)

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis()
}, installTime)

afterAll(() => redis.remove())

const watcherOf = (observer: Observer<Watched>): Watcher => ({
  next: value => {
    observer.next(value)
  },
  error: defect => {
    observer.error(defect)
  },
  complete: () => {
    observer.complete()
  },
  inContext: (work, ...given) => {
    work(...given)
  },
})

const follow = (followed: FollowedWatches, ref: UploadRef): Promise<readonly Watched[]> =>
  lastValueFrom(
    new Observable<Watched>(subscriber => {
      followed.start(ref, watcherOf(subscriber))
    }).pipe(toArray()),
    { defaultValue: [] },
  )

test('a late subscriber receives only the terminal status, even if earlier events are read first', () =>
  inWorld(redis.url, async ({ queue, start, place: { name = '', connection } }) => {
    start()
    await queue.watch([refOf('one')])()
    await lastValueFrom(queue.uploadStatus$('acct_1', 'one'), { defaultValue: null })
    await queue.watch([refOf('two')])()

    const place = { connection, name, prefix: 'bull' }
    const onError = (): void => undefined
    const open = openQueues(place, onError)
    // Read the terminal status only after all events of the upload, when the next one is added.
    const queues: Queues = {
      ...open,
      endOf: async ref => {
        await others
        return open.endOf(ref)
      },
    }
    const followed = followedWatches(queues, place, onError)
    const others = firstValueFrom(followed.added$.pipe(filter(({ upload }) => upload === 'two')))
    try {
      expect(await follow(followed, refOf('one'))).toEqual([right(completedOf('one'))])
    } finally {
      await followed.close()
      await open.close()
    }
  }))

/** Returns whether one queue has read all events and waits for the next ones. */
const isReading = async (client: Redis): Promise<boolean> =>
  (await client.info('clients')).includes('blocked_clients:2')

/** Adds events of another upload to both streams, which Redis trims as BullMQ does. */
const addEvents = (client: Redis, name: string, events: number): Promise<unknown[]> =>
  Promise.all(
    [name, `${name}-ends`].map(name =>
      client.eval(
        "for i = 1, ARGV[1] do redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'event', 'active', 'jobId', 'other') end",
        1,
        `bull:${name}:events`,
        events,
        maxEvents,
      ),
    ),
  )

test('a reader that is further behind than Redis keeps events misses no status', async () => {
  const address = await startAddress(redis.port)
  const client = new Redis(redis.url)
  await inWorld(redis.url, async ({ queue, place: { name = '' } }) => {
    await queue.watch([refOf('one'), refOf('two')])()
    const behind = createUploadStatusQueue({ connection: { url: address.url }, name })
    const seen: unknown[] = []
    const following = behind
      .uploadStatuses$([refOf('one'), refOf('two')])
      .subscribe(({ upload, status }) => seen.push([upload, status]))
    for (const upload of ['one', 'two'])
      await queue.push({ ...refOf(upload), status: pendingOf(upload) })()
    await until(async () => seen.length === 2 && (await isReading(client)))

    address.hold()
    // Answers the reads that wait now. The next reads come too late.
    await addEvents(client, name, 1)
    await queue.push({ ...refOf('one'), status: completedOf('one') })()
    await queue.push({ ...refOf('two'), status: processingOf('two') })()
    await addEvents(client, name, 2 * maxEvents)
    for (const key of [name, `${name}-ends`])
      expect(await client.xlen(`bull:${key}:events`)).toBeLessThan(maxEvents + 200)
    address.release()
    await until(() => seen.length === 4)
    expect(seen.slice(2).sort()).toEqual([
      ['one', right(completedOf('one'))],
      ['two', right(processingOf('two'))],
    ])
    following.unsubscribe()
    await behind.close()
  })
  await client.quit()
  await address.close()
})

test('a reader that is further behind than Redis keeps events misses no added upload', async () => {
  const address = await startAddress(redis.port)
  const client = new Redis(redis.url)
  await inWorld(redis.url, async ({ queue, place: { name = '' } }) => {
    const behind = createUploadStatusQueue({ connection: { url: address.url }, name })
    const seen: string[] = []
    const following = behind.uploadStatuses$().subscribe(({ upload }) => seen.push(upload))
    const add = async (upload: string): Promise<void> => {
      await queue.watch([refOf(upload)])()
      await queue.push({ ...refOf(upload), status: pendingOf(upload) })()
    }
    await add('one')
    await until(async () => seen.length === 1 && (await isReading(client)))
    address.hold()
    // Answers the reads that wait now. The next reads come too late.
    await addEvents(client, name, 1)
    await add('two')
    await addEvents(client, name, 2 * maxEvents)
    address.release()
    await until(() => seen.length === 2, 5_000)
    expect(seen).toEqual(['one', 'two'])
    following.unsubscribe()
    await behind.close()
  })
  await client.quit()
  await address.close()
})

test('a process whose clock is 10 minutes ahead receives all statuses', () =>
  inWorld(redis.url, async ({ queue, start }) => {
    await queue.watch([refOf('one')])()
    const real = Date.now.bind(Date)
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + 600_000)
    const values = lastValueFrom(queue.uploadStatus$('acct_1', 'one').pipe(toArray()))
    clock.mockRestore()
    start()
    expect(await values).toEqual([
      right(pendingOf('one')),
      right(processingOf('one')),
      right(completedOf('one')),
    ])
  }))

test('events of an earlier watch of the upload are not emitted', () =>
  inWorld(redis.url, async ({ queue, start, place, settled }) => {
    const client = new Redis(redis.url)
    const rejected = { _tag: 'Rejected', status: 403, code: null, message: null } as const
    const circumstances = { attempts: 0, elapsed: 0, lastStatus: null }
    const worker = start({
      request: counted(({ upload }, poll) => [
        poll === 1 ? right(processingOf(upload)) : left({ ...rejected, ...circumstances }),
      ]),
    })
    await queue.watch([refOf('one')])()
    await until(() => settled.length > 0)
    await worker.close()
    await until(async () => {
      const added = await queue.watch([refOf('one')])()
      return added._tag === 'Right' && added.right.added === 1
    })
    const late = createUploadStatusQueue(place)
    const seen: unknown[] = []
    const following = late.uploadStatus$('acct_1', 'one').subscribe(value => seen.push(value))
    await until(() => isReading(client))
    await queue.push({ ...refOf('one'), status: pendingOf('one') })()
    await until(() => seen.length > 0)
    expect(seen).toEqual([right(pendingOf('one'))])
    following.unsubscribe()
    await late.close()
    await client.quit()
  }))

test('all uploads are followed, even those whose events Redis no longer keeps', () =>
  inWorld(redis.url, async ({ queue, place: { name = '' } }) => {
    const uploads = ['one', 'two', 'three', 'four', 'five']
    await queue.watch(uploads.map(refOf))()
    for (const upload of uploads)
      await queue.push({ ...refOf(upload), status: pendingOf(upload) })()
    const client = new Redis(redis.url)
    await client.xtrim(`bull:${name}:events`, 'MAXLEN', 0)
    const seen: string[] = []
    const following = queue.uploadStatuses$().subscribe(({ upload }) => seen.push(upload))
    await until(() => seen.length === uploads.length, 5_000)
    expect(seen.sort()).toEqual([...uploads].sort())
    following.unsubscribe()
    await client.quit()
  }))

test.each<[string, (watches: Queue, client: Redis) => Promise<unknown>]>([
  ['deletes its job', watches => watches.remove('acct_1~one')],
  ['empties Redis', (_, client) => client.flushall()],
])('a watch ends with a failure if somebody %s', (_, loseJob) =>
  inWorld(redis.url, async ({ queue, place: { name = '', connection } }) => {
    await queue.watch([refOf('one')])()
    const place = { connection, name, prefix: 'bull' }
    const open = openQueues(place, () => undefined)
    const client = new Redis(redis.url)
    let reads = 0
    const queues: Queues = {
      ...open,
      endOf: ref => {
        reads += 1
        return open.endOf(ref)
      },
    }
    const followed = followedWatches(queues, place, () => undefined, 100)
    try {
      const values = follow(followed, refOf('one'))
      // At most three reads belong to the start: one for each connection, and the first.
      await until(() => reads > 3, 5_000)
      await loseJob(open.watches, client)
      expect(await values).toMatchObject([{ left: { _tag: 'InvalidRequest', which: 'upload' } }])
    } finally {
      await followed.close()
      await open.close()
      await client.quit()
    }
  }),
)

test('an error of Redis while watches are read again is reported once', async () => {
  const errors: unknown[] = []
  const place = { connection: { url: redis.url }, name: 'unread', prefix: 'bull' }
  const open = openQueues(place, () => undefined)
  const queues: Queues = { ...open, endOf: () => Promise.reject(new Error('ECONNREFUSED')) }
  const followed = followedWatches(queues, place, error => errors.push(error), 200)
  const refs = ['one', 'two', 'three'].map(refOf)
  const values = Promise.all(refs.map(ref => follow(followed, ref)))
  // One each at the start, and one each time that all are read.
  await until(() => errors.length > refs.length + 1)
  expect(errors.length).toBeLessThan(2 * refs.length)
  await followed.close()
  await values
  await open.close()
})

test('an error of Redis after a watch was left is not reported', async () => {
  const errors: unknown[] = []
  const place = { connection: { url: redis.url }, name: 'left', prefix: 'bull' }
  const open = openQueues(place, () => undefined)
  let fail = (): void => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = () => {
      reject(new Error('ECONNREFUSED'))
    }
  })
  let isRead = false
  const queues: Queues = {
    ...open,
    endOf: () => {
      isRead = true
      return failed
    },
  }
  const followed = followedWatches(queues, place, error => errors.push(error))
  const values = follow(followed, refOf('one'))
  await until(() => isRead)
  await followed.close()
  expect(await values).toMatchObject([{ left: { _tag: 'Cancelled' } }])
  fail()
  await open.close()
  expect(errors).toEqual([])
})

test('all uploads are followed from an empty queue on, whatever the clock of the process says', () =>
  inWorld(redis.url, async ({ queue, place }) => {
    const real = Date.now.bind(Date)
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + 600_000)
    const ahead = createUploadStatusQueue(place)
    const seen: string[] = []
    const following = ahead.uploadStatuses$().subscribe(({ upload }) => seen.push(upload))
    clock.mockRestore()
    const client = new Redis(redis.url)
    await until(() => isReading(client))
    for (const upload of ['one', 'two']) {
      await queue.watch([refOf(upload)])()
      await queue.push({ ...refOf(upload), status: pendingOf(upload) })()
    }
    await until(() => seen.length === 2, 5_000)
    expect(seen).toEqual(['one', 'two'])
    following.unsubscribe()
    await ahead.close()
    await client.quit()
  }))

test('an upload that was left emits nothing more and is no longer read', () =>
  inWorld(redis.url, async ({ queue, place: { name = '', connection } }) => {
    await queue.watch([refOf('one')])()
    await queue.push({ ...refOf('one'), status: pendingOf('one') })()
    const place = { connection, name, prefix: 'bull' }
    const open = openQueues(place, () => undefined)
    let reads = 0
    let answer = (): void => undefined
    const isAnswered = new Promise<void>(resolve => (answer = resolve))
    const queues: Queues = {
      ...open,
      endOf: async ref => {
        reads += 1
        await isAnswered
        return open.endOf(ref)
      },
    }
    const followed = followedWatches(queues, place, () => undefined, 50)
    const seen: unknown[] = []
    const note = (value?: unknown): void => void seen.push(value)
    const watch = followed.start(
      refOf('one'),
      watcherOf({ next: note, error: note, complete: note }),
    )
    await until(() => reads > 0)
    followed.stop(watch)
    answer()
    await new Promise(resolve => setTimeout(resolve, 100))
    const before = reads
    await new Promise(resolve => setTimeout(resolve, 300))
    expect([seen, reads]).toEqual([[], before])
    await followed.close()
    await open.close()
  }))

test('a watch continues after an earlier one of the same upload was left', () =>
  inWorld(redis.url, async ({ queue, place: { name = '', connection } }) => {
    await queue.watch([refOf('one')])()
    await queue.push({ ...refOf('one'), status: pendingOf('one') })()
    const place = { connection, name, prefix: 'bull' }
    const open = openQueues(place, () => undefined)
    const followed = followedWatches(open, place, () => undefined)
    const ignore = (): void => undefined
    const seen: unknown[] = []
    const earlier = followed.start(
      refOf('one'),
      watcherOf({ next: ignore, error: ignore, complete: ignore }),
    )
    followed.start(
      refOf('one'),
      watcherOf({ next: value => seen.push(value), error: ignore, complete: ignore }),
    )
    followed.stop(earlier)
    const client = new Redis(redis.url)
    await until(async () => seen.length > 0 && (await isReading(client)))
    await queue.push({ ...refOf('one'), status: processingOf('one') })()
    await until(() => seen.length > 1, 5_000)
    expect(seen).toEqual([right(pendingOf('one')), right(processingOf('one'))])
    await followed.close()
    await open.close()
    await client.quit()
  }))

test('an id that no address can contain ends with InvalidRequest', async () => {
  const place = { connection: { url: redis.url }, name: 'invalid', prefix: 'bull' }
  const open = openQueues(place, () => undefined)
  const followed = followedWatches(open, place, () => undefined)
  expect(await follow(followed, { account: '', upload: 'one' })).toMatchObject([
    { left: { _tag: 'InvalidRequest', which: 'account' } },
  ])
  await followed.close()
  await open.close()
})

test('the state is read once more if a connection returns while it is read', () =>
  inWorld(redis.url, async ({ queue, place: { name = '', connection } }) => {
    await queue.watch([refOf('one')])()
    const place = { connection, name, prefix: 'bull' }
    const open = openQueues(place, () => undefined)
    const job = await open.watches.getJob(jobId(refOf('one')))
    const startedAt = (job === undefined ? null : decodeJob(job))?.startedAt ?? NaN
    let reads = 0
    const queues: Queues = {
      ...open,
      endOf: async ref => {
        reads += 1
        const read = reads
        // Meanwhile both connections become ready.
        await new Promise(resolve => setTimeout(resolve, 500))
        return read < 3 ? null : { ref, startedAt, value: right(completedOf('one')) }
      },
    }
    const followed = followedWatches(queues, place, () => undefined)
    expect(await follow(followed, refOf('one'))).toEqual([right(completedOf('one'))])
    await followed.close()
    await open.close()
  }))

test('what other programs write, and ends of other uploads, cause neither values nor errors', () =>
  inWorld(redis.url, async ({ queue, place: { name = '', connection } }) => {
    await queue.watch(['one', 'two', 'three'].map(refOf))()
    const errors: unknown[] = []
    const place = { connection, name, prefix: 'bull' }
    const open = openQueues(place, () => undefined)
    const [one, two] = await Promise.all(
      ['one', 'two'].map(upload => open.watches.getJob(jobId(refOf(upload)))),
    )
    await two?.updateData({ version: 'of the future' })
    const followed = followedWatches(open, place, error => errors.push(error), 100)
    const values = Promise.all(['one', 'two'].map(upload => follow(followed, refOf(upload))))
    const client = new Redis(redis.url)
    await until(() => isReading(client))
    await one?.updateProgress(50)
    await queue.push({ ...refOf('three'), status: pendingOf('three') })()
    await queue.push({ ...refOf('three'), status: completedOf('three') })()
    await queue.push({ ...refOf('one'), status: completedOf('one') })()
    await new Promise(resolve => setTimeout(resolve, 500))
    await followed.close()
    expect(await values).toMatchObject([
      [right(completedOf('one'))],
      [{ left: { _tag: 'Cancelled' } }],
    ])
    expect(errors).toEqual([])
    await open.close()
    await client.quit()
  }))
