import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { lastValueFrom, tap } from 'rxjs'
import {
  createUploadStatusClient,
  exponential,
  jittered,
  proportional,
  spaced,
  uploadStatus$,
  uploadStatuses$,
  type WatchOptions,
} from 'rx-upload-status'
import { expired } from '../../src/failure/failure'
import { completed, pending, ref } from '../answers'
import { inTurn, whole } from '../http/rawServer'
import { wire } from '../http/wire'
import { inFakeTime, pass, setWallClock, today } from './fakeTime'
import { follow, key, lost, quick } from './follow'
import { good } from './laws'
import { row } from './row'

const asking = whole(200, JSON.stringify(pending))
const hour = 3_600_000
const longestTimer = 2 ** 31 - 1

row('wall clock an hour forward or back', ({ fetch }) => {
  inFakeTime()

  describe.each([
    ['forward', hour],
    ['back', -hour],
  ])('%s', (_, jump) => {
    test('moves neither a poll nor the deadline', async () => {
      const server = await wire(asking)
      const options = { fetch, schedule: spaced(1_000), deadline: 2_500, attemptTimeout: 2_000 }
      const followed = follow(server.url, options)
      pass(1)
      await followed.received('PollScheduled')
      setWallClock(today + jump)
      pass(999)
      expect(followed.attempts()).toHaveLength(1)
      pass(2)
      expect(followed.attempts()).toHaveLength(2)
      await followed.received('PollScheduled', 2)
      setWallClock(today - jump)
      pass(1_497)
      await followed.received('AttemptStarted', 3)
      pass(1)
      expect(await followed.ended).toEqual([right(pending), lost(expired(2_500), 3, 'pending')])
    })

    test('does not change the wait until a Retry-After date if the server sends its Date', async () => {
      setWallClock(today + jump)
      const [date, later] = [today, today + 7_000].map(at => new Date(at).toUTCString())
      const limited = whole(429, '', { date: date ?? '', 'retry-after': later ?? '' })
      const server = await wire(inTurn(limited, good))
      const followed = follow(server.url, { fetch })
      pass(1)
      await followed.received('RetryScheduled')
      pass(6_999)
      expect(followed.attempts()).toHaveLength(1)
      pass(1_000)
      expect(await followed.ended).toEqual([right(completed)])
    })
  })
})

row('the process or laptop sleeps', ({ fetch }) => {
  inFakeTime()

  /** A clock that continues while the timers sleep, as on Windows. */
  const sleepy = () => {
    let slept = 0
    return {
      clock: () => performance.now() + slept,
      sleep: (ms: number) => {
        slept += ms
      },
    }
  }

  test('polls that are due on waking are spread over 5 s', async () => {
    const { clock, sleep } = sleepy()
    const server = await wire((socket, nth) => {
      ;(nth <= 20 ? asking : good)(socket, nth)
    })
    const watches = Array.from({ length: 20 }, (_, nth) =>
      follow(server.url, {
        fetch,
        clock,
        schedule: spaced(1_000),
        deadline: Infinity,
        random: () => nth / 20,
      }),
    )
    pass(1)
    for (const each of watches) await each.emitted(1)
    sleep(hour)
    const started = (): number => watches.filter(({ attempts }) => attempts().length > 1).length
    pass(1_002)
    expect(started()).toBeLessThanOrEqual(1)
    pass(2_500)
    expect(started()).toBeGreaterThanOrEqual(9)
    expect(started()).toBeLessThanOrEqual(11)
    pass(2_500)
    expect(started()).toBe(20)
    for (const each of watches) expect(await each.ended).toEqual([right(pending), right(completed)])
  })

  test('a poll that is only 4 s late starts immediately', async () => {
    const { clock, sleep } = sleepy()
    const server = await wire(inTurn(asking, good))
    const followed = follow(server.url, { fetch, clock, schedule: spaced(1_000) })
    pass(1)
    await followed.emitted(1)
    sleep(4_000)
    pass(1_000)
    expect(await followed.ended).toEqual([right(pending), right(completed)])
  })

  test('a sleep does not count for the deadline if the monotonic clock stood still', async () => {
    const server = await wire(inTurn(asking, good))
    const followed = follow(server.url, { fetch, schedule: spaced(1_000), deadline: 60_000 })
    pass(1)
    await followed.emitted(1)
    setWallClock(today + hour)
    pass(1_001)
    expect(await followed.ended).toEqual([right(pending), right(completed)])
  })

  test('a sleep counts for the deadline and for elapsed if the monotonic clock continued', async () => {
    const { clock, sleep } = sleepy()
    const server = await wire(asking)
    const followed = follow(server.url, {
      fetch,
      clock,
      schedule: spaced(60_000),
      deadline: 10_000,
    })
    pass(1)
    await followed.emitted(1)
    sleep(hour)
    pass(10_000)
    const [, end] = await followed.ended
    expect(end).toEqual(lost(expired(10_000), 1, 'pending'))
    expect(end?._tag === 'Left' && end.left.elapsed).toBeGreaterThan(hour)
  })
})

row('delays of NaN, Infinity, above 2^31-1', ({ fetch }) => {
  inFakeTime()
  const long = longestTimer + 1

  describe.each([NaN, Infinity, -Infinity, long, -1])('%d', ms => {
    test.each<[string, WatchOptions]>([
      ['attemptTimeout', { attemptTimeout: ms }],
      ['notFoundGrace', { notFoundGrace: ms }],
      ['retry', { retry: { retries: ms } }],
      ['retry', { retry: { base: ms } }],
      ['retry', { retry: { cap: ms } }],
      ...(ms === Infinity ? [] : [['deadline', { deadline: ms }] as [string, WatchOptions]]),
    ])('is rejected as the option %s', (name, options) => {
      expect(() => follow('http://127.0.0.1/', { fetch, ...options })).toThrow(name)
    })

    test.each([
      ['spaced', () => spaced(ms)],
      ['exponential, first', () => exponential({ first: ms, factor: 2, cap: 1 })],
      ['exponential, cap', () => exponential({ first: 1, factor: 2, cap: ms })],
      ['proportional, min', () => proportional({ ratio: 1, min: ms, max: 1 })],
      ['proportional, max', () => proportional({ ratio: 1, min: 1, max: ms })],
      ['jittered', () => jittered(spaced(1), ms)],
    ])('is rejected by the schedule %s', (_, make) => {
      expect(make).toThrow(RangeError)
    })
  })

  test.each([NaN, -1, -Infinity])('a schedule that returns %d is a defect', async wait => {
    const server = await wire(asking)
    const followed = follow(server.url, { fetch, schedule: () => wait })
    pass(1)
    await expect(followed.ended).rejects.toThrow(
      'the result of schedule must be milliseconds from 0 up',
    )
    expect(server.requests).toHaveLength(1)
  })

  test('a schedule that returns Infinity stops polling, and the deadline still applies', async () => {
    const server = await wire(asking)
    const options = { fetch, schedule: () => Infinity, deadline: longestTimer }
    const followed = follow(server.url, options)
    pass(1)
    await followed.emitted(1)
    pass(longestTimer)
    expect(await followed.ended).toEqual([
      right(pending),
      lost(expired(longestTimer), 1, 'pending'),
    ])
  })

  test.each([
    ['a schedule', asking, long + 1_000, { schedule: () => long + 1_000 }],
    ['Retry-After', whole(429, '', { 'retry-after': '2147485' }), 2_147_485_000, {}],
    ['Retry-After of a 503', whole(503, '', { 'retry-after': '2147485' }), 2_147_485_000, {}],
  ])('waits for longer than 2^31-1 ms if %s requires it', async (_, reply, least, options) => {
    const server = await wire(inTurn(reply, good))
    const followed = follow(server.url, { fetch, deadline: Infinity, random: () => 0, ...options })
    pass(1)
    await Promise.race([followed.received('PollScheduled'), followed.received('RetryScheduled')])
    const wait = Math.round(followed.waits()[0] ?? 0)
    expect(wait).toBeGreaterThanOrEqual(least)
    pass(wait - 10)
    expect(followed.attempts()).toHaveLength(1)
    pass(20)
    const values = await followed.ended
    expect(values.at(-1)).toEqual(right(completed))
    expect(server.requests).toHaveLength(2)
  })
})

row('a clock that returns no number, or throws', ({ fetch }) => {
  const broken: readonly (readonly [string, () => unknown])[] = [
    ['returns a string', () => '1000'],
    ['returns NaN', () => NaN],
    ['returns Infinity', () => Infinity],
    ['returns a Date', () => new Date()],
    [
      'throws',
      () => {
        throw new Error('no time')
      },
    ],
  ]

  describe.each(broken)('a clock that %s', (_, read) => {
    test.each(['from the start', 'after the first answer'])(
      'ends all watches with a defect if it is broken %s',
      async when => {
        const server = await wire(asking)
        let isBroken = when === 'from the start'
        const clock = (): number => (isBroken ? (read() as number) : performance.now())
        const client = createUploadStatusClient({
          apiKey: key,
          baseUrl: server.url,
          fetch,
          clock,
          schedule: spaced(20),
        })
        const bare$ = uploadStatus$(ref.account, ref.upload, {
          ...quick,
          schedule: spaced(20),
          baseUrl: server.url,
          fetch,
          clock,
        })
        const ends = [bare$, client.uploadStatus$(ref.account, ref.upload)].map(watch$ =>
          lastValueFrom(
            watch$.pipe(
              tap(() => {
                isBroken = true
              }),
            ),
          ),
        )
        for (const end of await Promise.allSettled(ends))
          expect(end).toMatchObject({
            status: 'rejected',
            reason: { message: expect.stringContaining('clock') },
          })
        expect(server.requests.length).toBeLessThanOrEqual(isBroken ? 3 : 0)
      },
    )
  })
})

row('clock and random as options of a client or of many watches', ({ fetch }) => {
  test.each(['a client', 'many watches'])('are also used by the budget of %s', async of => {
    const server = await wire((socket, nth) => {
      const upload = /uploads\/(\w+)/.exec(server.requests[nth - 1] ?? '')?.[1]
      whole(429, '{}')(socket, nth)
      expect(upload).toBeDefined()
    })
    let reads = 0
    let draws = 0
    const options = {
      apiKey: key,
      baseUrl: server.url,
      fetch,
      deadline: 300,
      clock: () => {
        reads += 1
        return performance.now()
      },
      random: () => {
        draws += 1
        return 0
      },
    }
    const refs = [ref]
    const before = { reads, draws }
    const stream$ =
      of === 'a client'
        ? createUploadStatusClient(options).uploadStatuses$(refs)
        : uploadStatuses$(refs, options)
    // The budget reads the clock when it is made, before anything is subscribed to.
    expect(reads).toBeGreaterThan(before.reads)
    const last = await lastValueFrom(stream$)
    expect(last.status._tag).toBe('Left')
    expect(draws).toBeGreaterThan(before.draws)
  })
})
