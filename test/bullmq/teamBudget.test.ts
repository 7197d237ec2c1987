import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { Queue } from 'bullmq'
import { isRight } from 'fp-ts/Either'
import type { Answer } from '../../src/api/answer'
import { limiterOf } from '../../src/bullmq/limiter'
import { teamBudget, type TeamBudget } from '../../src/bullmq/teamBudget'
import { answer } from '../answers'
import { installTime } from '../installedProgram'
import { startRedis, type RedisServer } from './redisServer'

jest.setTimeout(30_000)

let redis: RedisServer
let queue: Queue

beforeAll(async () => {
  redis = await startRedis()
}, installTime)

afterAll(async () => {
  await redis.remove()
})

/** A test with its own queue, which is closed before the check for leftovers. */
const inTeam = (work: () => Promise<void>) => async (): Promise<void> => {
  queue = new Queue(randomUUID(), { connection: { url: redis.url } })
  await work()
  await queue.close()
}

/** Another worker of the same team. `time` is read at each call. */
const worker = (time = { now: 0 }): TeamBudget =>
  teamBudget(queue, {
    perMinute: 600,
    headroom: 0.1,
    inFlight: 32,
    random: () => 0,
    now: () => time.now,
  })

const answered = (status: number, headers: { readonly [name: string]: string } = {}): Answer => {
  const given = answer(status, null, headers)
  if (isRight(given)) return given.right
  throw new Error('it is an answer')
}

const strict = { 'x-rate-limit-limit-minute': '60', 'x-rate-limit-remaining-minute': '50' }

const stricter = { max: 1, duration: 1_112 }

const own = { max: 1, duration: 112 }

const free = { wait: 0, isProbe: false, limiter: own }

describe('the budget of a team', () => {
  test.each([
    [600, 0, 1, 100],
    [600, 0.1, 1, 112],
    [5_000, 0.1, 1, 14],
    [6_000, 0, 1, 10],
    [10_000, 0, 2, 12],
    [60_000, 0, 10, 10],
  ])('with %d a minute and a headroom of %d, starts %d jobs in %d ms', (...given) => {
    const [perMinute, headroom, max, duration] = given
    expect(limiterOf(perMinute, headroom)).toEqual({ max, duration })
  })

  test(
    'spaces jobs evenly, with 32 in flight',
    inTeam(async () => {
      await worker().open()
      expect(await queue.getGlobalRateLimit()).toEqual(own)
      expect(await queue.getGlobalConcurrency()).toBe(32)
      expect(await worker().turn()).toEqual(free)
    }),
  )

  test(
    'adopts a stricter limit for all workers, and forgets it after 5 minutes',
    inTeam(async () => {
      const time = { now: 0 }
      const one = worker(time)
      await one.open()
      await one.learn(answered(200, strict), free)
      expect(await queue.getGlobalRateLimit()).toEqual(stricter)
      time.now = 299_999
      await one.learn(answered(200), await one.turn())
      expect(await queue.getGlobalRateLimit()).toEqual(stricter)
      time.now = 300_000
      await one.learn(answered(200), await one.turn())
      expect(await queue.getGlobalRateLimit()).toEqual(own)
    }),
  )

  test(
    'keeps a limit that another worker has learned',
    inTeam(async () => {
      const time = { now: 0 }
      const one = worker(time)
      await one.open()
      await one.learn(answered(200, strict), await one.turn())
      const other = worker(time)
      await other.open()
      expect(await queue.getGlobalRateLimit()).toEqual(stricter)
      await other.learn(answered(200), await other.turn())
      expect(await queue.getGlobalRateLimit()).toEqual(stricter)
      time.now = 300_000
      await other.learn(answered(200), await other.turn())
      expect(await queue.getGlobalRateLimit()).toEqual(own)
    }),
  )

  test(
    'is restored before the next request if Redis has lost it',
    inTeam(async () => {
      const one = worker()
      await one.open()
      await queue.removeGlobalRateLimit()
      expect((await one.turn()).wait).toBeGreaterThan(0)
      expect(await one.turn()).toEqual(free)
    }),
  )

  test(
    'never exceeds the configured limit',
    inTeam(async () => {
      const one = worker()
      await one.open()
      const wide = { 'x-rate-limit-limit-minute': '5000', 'x-rate-limit-remaining-minute': '50' }
      await one.learn(answered(200, wide), free)
      expect(await queue.getGlobalRateLimit()).toEqual(own)
    }),
  )

  test(
    'pauses all workers without a probe when no request is left',
    inTeam(async () => {
      await worker().open()
      const spent = { 'x-rate-limit-limit-minute': '600', 'x-rate-limit-remaining-minute': '0' }
      await worker().learn(answered(200, spent), free)
      const turn = await worker().turn()
      expect(turn.wait).toBeGreaterThan(50_000)
      expect(turn.isProbe).toBe(false)
      expect(await queue.getGlobalConcurrency()).toBe(32)
    }),
  )

  test(
    'pauses all workers for the longest Retry-After',
    inTeam(async () => {
      await worker().open()
      await worker().learn(answered(429, { 'retry-after': '40' }), free)
      await worker().learn(answered(429, { 'retry-after': '20' }), free)
      const turn = await worker().turn()
      expect(turn.wait).toBeGreaterThan(30_000)
      expect(await queue.getGlobalConcurrency()).toBe(1)
    }),
  )

  test(
    'sends one probe after a pause, and the other requests after its answer',
    inTeam(async () => {
      await worker().open()
      const old = await worker().turn()
      await worker().learn(answered(429, { 'retry-after': '1' }), free)
      // This request started before the pause, so its answer does not end it.
      await worker().learn(answered(200), old)
      expect(await queue.getGlobalConcurrency()).toBe(1)
      let probe = await worker().turn()
      while (probe.wait > 0) probe = await worker().turn()
      expect(probe).toEqual({ ...free, isProbe: true })
      // A worker that starts now does not raise the concurrency during the probe.
      await worker().open()
      expect(await queue.getGlobalConcurrency()).toBe(1)
      await worker().learn(answered(200), probe)
      expect(await queue.getGlobalConcurrency()).toBe(32)
      expect(await worker().turn()).toEqual(free)
    }),
  )

  test(
    'pauses again when the probe is refused',
    inTeam(async () => {
      const one = worker()
      await one.open()
      await one.learn(answered(429), { ...free, isProbe: true })
      expect((await one.turn()).wait).toBeGreaterThan(500)
      expect(await queue.getGlobalConcurrency()).toBe(1)
    }),
  )
})
