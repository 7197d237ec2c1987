import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { filter, firstValueFrom, lastValueFrom, Observable, toArray } from 'rxjs'
import { followedWatches, type FollowedWatches } from '../../src/bullmq/followedWatches'
import { openQueues, type Queues } from '../../src/bullmq/queues'
import type { UploadRef } from '../../src/api/uploadRef'
import type { Watched } from '../../src/watch/event'
import { installTime } from '../installedProgram'
import { startRedis, type RedisServer } from './redisServer'
import { completedOf, inWorld, refOf } from './world'

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis()
}, installTime)

afterAll(() => redis.remove())

const follow = (followed: FollowedWatches, ref: UploadRef): Promise<readonly Watched[]> =>
  lastValueFrom(
    new Observable<Watched>(subscriber => {
      followed.start(ref, {
        next: value => {
          subscriber.next(value)
        },
        error: defect => {
          subscriber.error(defect)
        },
        complete: () => {
          subscriber.complete()
        },
        inContext: (work, ...given) => {
          work(...given)
        },
      })
    }).pipe(toArray()),
    { defaultValue: [] },
  )

test('a late subscriber gets the end alone, though the events before it are read first', () =>
  inWorld(redis.url, async ({ queue, start, place: { name = '', connection } }) => {
    start()
    await queue.watch([refOf('one')])()
    await lastValueFrom(queue.uploadStatus$('acct_1', 'one'), { defaultValue: null })
    await queue.watch([refOf('two')])()

    const place = { connection, name, prefix: 'bull' }
    const onError = (): void => undefined
    const open = openQueues(place, onError)
    // The end is read once all events of the upload are: this one is added after them.
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
