import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { Queue } from 'bullmq'
import { left, right } from 'fp-ts/Either'
import { firstValueFrom, lastValueFrom, NEVER, take, toArray, type Observable } from 'rxjs'
import { createUploadStatusQueue, describeQueueFailure } from '../../src/bullmq'
import { spaced } from '../../src/watch/schedule'
import { installTime } from '../installedProgram'
import { until } from '../until'
import { startRedis, type RedisServer } from './redisServer'
import { completedOf, counted, inTurn, inWorld, pendingOf, processingOf, refOf } from './world'

jest.setTimeout(30_000)

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis()
}, installTime)

afterAll(async () => {
  await redis.remove()
})

const all = <A>(values$: Observable<A>): Promise<readonly A[]> =>
  lastValueFrom(values$.pipe(toArray()))

const anId = (upload: string): unknown =>
  expect.stringMatching(new RegExp(`^acct_1~${upload}~\\d+$`))

const ended = (upload: string, status: unknown): unknown => ({
  id: anId(upload),
  ...refOf(upload),
  status,
})

describe('an added upload', () => {
  test('is polled to its terminal status, which is reported with an id', () =>
    inWorld(redis.url, async ({ queue, start, settled }) => {
      const events: string[] = []
      start({
        on: ({ _tag }) => {
          events.push(_tag)
        },
      })
      expect(await queue.watch([refOf('one')])()).toEqual(right({ added: 1, known: 0 }))
      expect(await all(queue.uploadStatus$('acct_1', 'one'))).toEqual([
        right(pendingOf('one')),
        right(processingOf('one')),
        right(completedOf('one')),
      ])
      await until(() => settled.length > 0)
      expect(settled).toEqual([ended('one', right(completedOf('one')))])
      const poll = ['AttemptStarted', 'StatusReceived', 'PollScheduled', 'Stopped']
      expect(events).toEqual([...poll, ...poll, 'AttemptStarted', 'StatusReceived', 'Settled'])
    }))

  test('is added once, even if it is added again before or after its end', () =>
    inWorld(redis.url, async ({ queue, start }) => {
      const refs = [refOf('one'), refOf('two'), refOf('one')]
      expect(await queue.watch(refs)()).toEqual(right({ added: 2, known: 0 }))
      expect(await queue.watch([refs])()).toEqual(right({ added: 0, known: 2 }))
      start()
      await all(queue.uploadStatuses$(refs))
      expect(await queue.watch(refs)()).toEqual(right({ added: 0, known: 2 }))
    }))

  test('emits its terminal status to a late subscriber in another process', () =>
    inWorld(redis.url, async ({ queue, start, place }) => {
      start()
      await queue.watch([refOf('one')])()
      await all(queue.uploadStatus$('acct_1', 'one'))
      const other = createUploadStatusQueue(place)
      expect(await all(other.uploadStatus$('acct_1', 'one'))).toEqual([right(completedOf('one'))])
      await other.close()
    }))

  test('emits its latest status to a late subscriber', () =>
    inWorld(redis.url, async ({ queue, start, place }) => {
      start({ request: inTurn(processingOf) })
      await queue.watch([refOf('one')])()
      await firstValueFrom(queue.uploadStatus$('acct_1', 'one'))
      const other = createUploadStatusQueue(place)
      const first = await firstValueFrom(other.uploadStatus$('acct_1', 'one'))
      expect(first).toEqual(right(processingOf('one')))
      await other.close()
    }))

  test('continues after its subscriber unsubscribes', () =>
    inWorld(redis.url, async ({ queue, start, settled }) => {
      await queue.watch([refOf('one')])()
      const leaving = queue.uploadStatus$('acct_1', 'one').subscribe()
      leaving.unsubscribe()
      start()
      await until(() => settled.length > 0)
      expect(settled).toEqual([ended('one', right(completedOf('one')))])
    }))

  test('keeps its attempts and statuses when another worker continues it', () =>
    inWorld(redis.url, async ({ queue, start, settled }) => {
      await queue.watch([refOf('one')])()
      const first = start({ request: inTurn(processingOf) })
      await firstValueFrom(queue.uploadStatus$('acct_1', 'one'))
      await first.close()
      const attempts: number[] = []
      start({
        request: inTurn(pendingOf, completedOf),
        on: event => {
          if (event._tag === 'AttemptStarted') attempts.push(event.attempt)
        },
      })
      // `pending` after `processing` is not emitted.
      expect(await all(queue.uploadStatus$('acct_1', 'one'))).toEqual([
        right(processingOf('one')),
        right(completedOf('one')),
      ])
      expect(attempts[0]).toBeGreaterThan(1)
      await until(() => settled.length > 0)
    }))

  test('can be added again after a failure', () =>
    inWorld(redis.url, async ({ queue, start, settled }) => {
      const request = counted(({ upload }, poll) =>
        poll === 1 ? [left({ ...rejected, attempts: 0 })] : [right(completedOf(upload))],
      )
      start({ request })
      await queue.watch([refOf('one')])()
      const [failure] = await all(queue.uploadStatus$('acct_1', 'one'))
      expect(failure).toMatchObject({ left: { _tag: 'Rejected', attempts: 1 } })
      const added = right({ added: 1, known: 0 })
      await until(async () => isDeepStrictEqual(await queue.watch([refOf('one')])(), added))
      expect(await all(queue.uploadStatus$('acct_1', 'one'))).toEqual([right(completedOf('one'))])
      await until(() => settled.length > 1)
      expect(new Set(settled.map(({ id }) => id)).size).toBe(2)
    }))
})

const rejected = {
  _tag: 'Rejected',
  status: 403,
  code: null,
  message: null,
  attempts: 0,
  elapsed: 0,
  lastStatus: null,
} as const

test('uploadStatuses$ without uploads follows all uploads of the queue, including later ones', () =>
  inWorld(redis.url, async ({ queue, start }) => {
    await queue.watch([refOf('one')])()
    start({ request: inTurn(completedOf) })
    const seen: string[] = []
    const following = queue.uploadStatuses$().subscribe(({ upload, status }) => {
      if (status._tag === 'Right' && status.right.status === 'completed') seen.push(upload)
    })
    await queue.watch([refOf('two'), refOf('three')])()
    await until(() => seen.length === 3)
    expect(seen.sort()).toEqual(['one', 'three', 'two'])
    following.unsubscribe()
  }))

describe('an upload that is not in the queue', () => {
  test('ends with InvalidRequest', () =>
    inWorld(redis.url, async ({ queue }) => {
      expect(await all(queue.uploadStatus$('acct_1', 'stranger'))).toMatchObject([
        { left: { _tag: 'InvalidRequest', which: 'upload' } },
      ])
      expect(await all(queue.uploadStatus$('acct_1', 'no/id'))).toMatchObject([
        { left: { _tag: 'InvalidRequest', which: 'upload' } },
      ])
    }))

  test('cannot be cancelled, and a push for it is ignored', () =>
    inWorld(redis.url, async ({ queue }) => {
      expect(await queue.cancel(refOf('stranger'))()).toEqual(right(false))
      const pushed = { ...refOf('stranger'), status: completedOf('stranger') }
      expect(await queue.push(pushed)()).toEqual(right(undefined))
    }))
})

describe('a push', () => {
  test('ends an upload immediately, even if its next poll is far away', () =>
    inWorld(redis.url, async ({ queue, start, settled }) => {
      start({ schedule: spaced(1_000_000), request: inTurn(pendingOf) })
      await queue.watch([refOf('one')])()
      await firstValueFrom(queue.uploadStatus$('acct_1', 'one'))
      await queue.push({ ...refOf('one'), status: completedOf('one') })()
      // The first subscriber has just unsubscribed, so its latest status may still be in the cache.
      const end = await lastValueFrom(queue.uploadStatus$('acct_1', 'one'))
      expect(end).toEqual(right(completedOf('one')))
      await until(() => settled.length > 0)
      expect(settled).toEqual([ended('one', right(completedOf('one')))])
    }))

  test('ends an upload during a poll, whose answer is ignored', () =>
    inWorld(redis.url, async ({ queue, start, settled }) => {
      let answer = (): void => undefined
      let polls = 0
      const answered = new Promise<void>(resolve => {
        answer = resolve
      })
      start({
        request: ({ upload }) => {
          polls += 1
          return answered.then(() => right(pendingOf(upload)))
        },
      })
      await queue.watch([refOf('one')])()
      await until(() => polls > 0)
      await queue.push({ ...refOf('one'), status: completedOf('one') })()
      expect(await all(queue.uploadStatus$('acct_1', 'one'))).toEqual([right(completedOf('one'))])
      answer()
      await until(() => settled.length > 0)
      expect(settled).toEqual([ended('one', right(completedOf('one')))])
      expect(polls).toBe(1)
    }))

  test('of a non-terminal status is emitted, but not if it is earlier than the last one', () =>
    inWorld(redis.url, async ({ queue }) => {
      await queue.watch([refOf('one')])()
      const seen = firstValueFrom(queue.uploadStatus$('acct_1', 'one').pipe(take(2), toArray()))
      await queue.push({ ...refOf('one'), status: processingOf('one') })()
      await queue.push({ ...refOf('one'), status: pendingOf('one') })()
      await queue.push({ ...refOf('one'), status: completedOf('one') })()
      expect(await seen).toEqual([right(processingOf('one')), right(completedOf('one'))])
    }))
})

test('cancel ends an upload with Cancelled, once', () =>
  inWorld(redis.url, async ({ queue, start, settled }) => {
    start({ request: () => NEVER, attemptTimeout: 1_000 })
    await queue.watch([refOf('one')])()
    expect(await queue.cancel(refOf('one'))()).toEqual(right(true))
    expect(await queue.cancel(refOf('one'))()).toEqual(right(false))
    expect(await all(queue.uploadStatus$('acct_1', 'one'))).toMatchObject([
      { left: { _tag: 'Cancelled' } },
    ])
    await until(() => settled.length > 0)
    expect(settled).toMatchObject([{ id: anId('one'), status: { left: { _tag: 'Cancelled' } } }])
  }))

test('a deadline ends an upload, even if its next poll is far away', () =>
  inWorld(redis.url, async ({ queue, start, settled }) => {
    // One request a minute: only one of them is polled.
    start({ perMinute: 1, deadline: 300, request: inTurn(pendingOf) })
    await queue.watch([refOf('one'), refOf('two'), refOf('three')])()
    const ends = await all(queue.uploadStatuses$([refOf('two'), refOf('three')]))
    expect(ends).toMatchObject([
      { status: { left: { _tag: 'Expired', after: 300 } } },
      { status: { left: { _tag: 'Expired', after: 300 } } },
    ])
    await until(() => settled.length > 2)
    expect(settled.map(({ upload }) => upload).sort()).toEqual(['one', 'three', 'two'])
  }))

test('onSettled is called with the same id until it resolves', () =>
  inWorld(redis.url, async ({ queue, start, errors }) => {
    const ids: string[] = []
    start({
      request: inTurn(completedOf),
      onSettled: ({ id }) => {
        ids.push(id)
        return ids.length < 2 ? Promise.reject(new Error('not now')) : Promise.resolve()
      },
    })
    await queue.watch([refOf('one')])()
    await until(() => ids.length > 1)
    expect(new Set(ids).size).toBe(1)
    expect(errors.map(({ message }) => message)).toEqual(['not now'])
  }))

test('a defect is reported, and the upload is polled again', () =>
  inWorld(redis.url, async ({ queue, start, errors, settled }) => {
    let calls = 0
    start({
      request: inTurn(pendingOf, completedOf),
      schedule: () => {
        calls += 1
        throw new Error('a bug')
      },
    })
    await queue.watch([refOf('one')])()
    await until(() => settled.length > 0)
    expect(errors.map(({ message }) => message)).toEqual(['a bug'])
    expect(calls).toBe(1)
  }))

test('load reports the length of the queue and the rate', () =>
  inWorld(redis.url, async ({ queue, start }) => {
    start({ perMinute: 60, headroom: 0, request: inTurn(completedOf) })
    await queue.watch(['one', 'two', 'three', 'four'].map(refOf))()
    await until(async () => {
      const load = await queue.load()()
      return load._tag === 'Right' && load.right.rate === 60 && load.right.queue > 0
    })
    const load = await queue.load()()
    expect(load).toMatchObject({ right: { rate: 60 } })
  }))

describe('a call that fails', () => {
  test('returns Unavailable while Redis is down, without waiting for it', async () => {
    const away = createUploadStatusQueue({ connection: { port: 1 } })
    const failure = { _tag: 'Unavailable', code: 'ECONNREFUSED' } as const
    expect(await away.watch([refOf('one')])()).toEqual(left(failure))
    expect(describeQueueFailure(failure)).toMatch(/cannot be reached .* start it/)
    await away.close()
  })

  test('returns Refused for a wrong password', async () => {
    const guarded = await startRedis('--requirepass', 'secret')
    const connection = { port: guarded.port, password: 'wrong' }
    const queue = createUploadStatusQueue({ connection })
    expect(await queue.watch([refOf('one')])()).toEqual(
      left({ _tag: 'Refused', code: 'WRONGPASS' }),
    )
    await queue.close()
    await guarded.remove()
  })

  test('returns Refused for an invalid reference, and adds nothing', () =>
    inWorld(redis.url, async ({ queue }) => {
      const failure = { _tag: 'Refused', code: 'INVALID_REFERENCE' } as const
      expect(await queue.watch([refOf('one'), refOf('a~b')])()).toEqual(left(failure))
      expect(await queue.watch([refOf('one')])()).toEqual(right({ added: 1, known: 0 }))
    }))

  test('returns Incompatible for a job of another version', () =>
    inWorld(redis.url, async ({ queue, place }) => {
      const other = new Queue(place.name ?? '', { connection: place.connection })
      await other.add('watch', { v: 99 }, { jobId: 'acct_1~one' })
      await other.close()
      const failure = { _tag: 'Incompatible', found: 99, expected: 2 } as const
      expect(await queue.watch([refOf('one')])()).toEqual(left(failure))
      expect(describeQueueFailure(failure)).toMatch(/version 99.* update all/)
    }))
})
