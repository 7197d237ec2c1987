import { describe, expect, test } from '@jest/globals'
import { left, right, type Either } from 'fp-ts/Either'
import type { UploadStatus } from '../../src/api/status'
import {
  malformed,
  rejected,
  throttled,
  unavailable,
  type Failure,
} from '../../src/failure/failure'
import { answered, keyChanged, statusReceived } from '../../src/watch/answered'
import { noStreak } from '../../src/watch/retry'
import type { Progress } from '../../src/watch/schedule'
import { unstarted, type Rules, type Step, type Watch } from '../../src/watch/watchState'
import { completed, failed, pending, processing } from '../answers'

const rules: Rules = {
  schedule: () => 1_000.4,
  safetyNet: () => 30_000,
  retry: { retries: 2, base: 100, cap: 1_000 },
  deadline: 100_000,
  notFoundGrace: 0,
  onUnknownStatus: 'fail',
  emit: 'changes',
  random: () => 0,
}

const of = (known: Partial<Watch>): Watch => ({ ...unstarted, ...known })

describe('a received status', () => {
  const after = (known: UploadStatus | null, status: UploadStatus, emit: Rules['emit']): Step =>
    statusReceived(status, 'push', { ...rules, emit })(of({ status: known, changedAt: 3 }), 70)

  const changes: ReadonlyArray<readonly [UploadStatus | null, UploadStatus]> = [
    [null, pending],
    [null, completed],
    [pending, processing],
    [processing, completed],
    [processing, failed],
    [completed, failed],
  ]

  test.each(
    changes.map(change => [change[0]?.status ?? 'nothing', change[1].status, ...change] as const),
  )('after %s is emitted if it is %s', (_, __, known, status) => {
    for (const emit of ['changes', 'every'] as const)
      expect(after(known, status, emit)).toEqual({
        watch: of({ status, changedAt: 70 }),
        known: status,
        value: right(status),
        events: [{ _tag: 'StatusReceived', status: status.status, via: 'push' }],
      })
  })

  test("that is repeated is emitted only with emit: 'every', and is not a change", () => {
    for (const emit of ['changes', 'every'] as const)
      expect(after(processing, processing, emit)).toEqual({
        watch: of({ status: processing, changedAt: 3 }),
        known: processing,
        value: emit === 'every' ? right(processing) : undefined,
        events: [{ _tag: 'StatusReceived', status: 'processing', via: 'push' }],
      })
  })

  test('that goes backwards is reported by events and not emitted', () => {
    expect(after(processing, pending, 'every')).toEqual({
      watch: of({ status: processing, changedAt: 3 }),
      known: processing,
      events: [
        { _tag: 'StatusReceived', status: 'pending', via: 'push' },
        { _tag: 'StatusRegressed', from: 'processing', to: 'pending' },
      ],
    })
  })
})

/** The effect of an attempt that started at 50 and ended at 70. */
const ending = (
  answer: Either<Failure, UploadStatus>,
  {
    known = {},
    retryAfter = null,
    ...options
  }: Partial<Rules> & { readonly known?: Partial<Watch>; readonly retryAfter?: number | null } = {},
): Step =>
  answered(
    answer,
    { ...rules, ...options },
    retryAfter,
  )(of({ attempts: 3, askedAt: 50, dueAt: 50, polls: 2, ...known }), 70)

describe('an answered poll', () => {
  test('schedules the next one after its answer, and resets the retries and the last failure', () => {
    const streak = { ...noStreak, retries: 2 }
    const known = { streak, lastFailure: unavailable(503), overtime: 9 }
    const { watch, events } = ending(right(pending), { known })
    expect(watch).toEqual({
      ...of({ attempts: 3, askedAt: 50, status: pending, changedAt: 70 }),
      polls: 3,
      knownAt: 50,
      dueAt: 1_070,
      scheduledAt: 1_070,
      notBefore: 70,
      wait: 1_000,
    })
    expect(events).toEqual([
      { _tag: 'StatusReceived', status: 'pending', via: 'poll' },
      { _tag: 'PollScheduled', wait: 1_000.4, polls: 3 },
    ])
  })

  test('calls the schedule with the progress of the watch', () => {
    const seen: Progress[] = []
    const schedule = (progress: Progress): number => {
      seen.push(progress)
      return 1
    }
    const known = { status: processing, changedAt: 20 }
    ending(right(processing), { known, schedule })
    expect(seen).toEqual([{ polls: 3, elapsed: 70, lastStatus: processing, unchangedFor: 50 }])
  })

  test('with a terminal status schedules no other', () => {
    const { watch, value, events } = ending(right(completed))
    expect([watch.dueAt, watch.polls, value]).toEqual([50, 2, right(completed)])
    expect(events).toHaveLength(1)
  })

  test.each([
    ['after its Retry-After', 5_000, 5_120],
    ['after the wait of the schedule, if that is longer than the Retry-After', 10, 1_070],
  ])('schedules the next one %s', (_, retryAfter, dueAt) => {
    const { watch } = ending(right(pending), { retryAfter })
    expect([watch.dueAt, watch.scheduledAt]).toEqual([dueAt, dueAt])
    expect(watch.notBefore).toBe(Math.round(70 + 1.01 * retryAfter))
  })

  test('does not shorten a longer wait that the server requested before', () => {
    expect(ending(right(pending), { known: { notBefore: 9_000 } }).watch.notBefore).toBe(9_000)
  })

  test.each([
    ['sooner than the schedule, if the budget has spare requests', 1_000, 200, 270],
    ['at the time of the schedule, if that is sooner', 100, 200, 170],
    ['for Infinity, if the schedule returns that', Infinity, 200, Infinity],
  ])('schedules the next one %s', (_, wait, earliest, dueAt) => {
    const { watch } = ending(right(pending), { schedule: () => wait, budget: { earliest } })
    expect(watch.dueAt).toBe(dueAt)
  })

  test('schedules the next one after the wait of the safety net while pushes are reliable', () => {
    const { watch, events } = ending(right(pending), { known: { isAlive: true } })
    expect([watch.dueAt, watch.scheduledAt, watch.wait]).toEqual([30_070, 1_070, 1_000])
    expect(events).toContainEqual({ _tag: 'PollScheduled', wait: 30_000, polls: 3 })
    const asked = ending(right(pending), { known: { isAlive: true }, retryAfter: 60_000 })
    expect(asked.watch.dueAt).toBe(60_670)
  })
})

describe('the result of a schedule', () => {
  test('is named in the error if it is not a valid wait', () => {
    const known = { isAlive: true }
    expect(() => ending(right(pending), { schedule: () => NaN })).toThrow(/^the result of schedule/)
    expect(() => ending(right(pending), { known, safetyNet: () => NaN })).toThrow(
      /^the result of safetyNet/,
    )
  })

  test('gets no further jitter if the server requests no wait', () => {
    let drawn = 0
    const random = (): number => (drawn += 1)
    ending(right(pending), { random })
    expect(drawn).toBe(0)
  })
})

describe('an unknown status', () => {
  const problems = [{ path: 'status', expected: 'a status' }]
  const unknown = left(malformed('shape', problems, 'archived'))

  test('fails the attempt by default', () => {
    expect(ending(unknown).events).toMatchObject([
      { _tag: 'AttemptFailed', failure: { _tag: 'Malformed' } },
      { _tag: 'RetryScheduled', retries: 1 },
    ])
  })

  test("emits StatusUnknown and passes the last known status to the schedule, with 'continue'", () => {
    const seen: Progress[] = []
    const schedule = (progress: Progress): number => {
      seen.push(progress)
      return 1_000
    }
    const known = { status: pending, changedAt: 20 }
    const { watch, value, events } = ending(unknown, {
      onUnknownStatus: 'continue',
      known,
      schedule,
    })
    expect(seen).toEqual([{ polls: 3, elapsed: 70, lastStatus: pending, unchangedFor: 50 }])
    expect([watch.status, watch.dueAt, value]).toEqual([pending, 1_070, undefined])
    expect(events).toEqual([
      { _tag: 'StatusUnknown', status: 'archived' },
      { _tag: 'PollScheduled', wait: 1_000, polls: 3 },
    ])
  })

  test('does not include another failure, which fails the attempt', () => {
    const { events } = ending(left(unavailable(503)), { onUnknownStatus: 'continue' })
    expect(events).toMatchObject([{ _tag: 'AttemptFailed' }, { _tag: 'RetryScheduled' }])
  })
})

describe('a failed attempt', () => {
  const lost = unavailable(503)
  const stamped = { ...lost, attempts: 3, elapsed: 70 }

  test('is retried after its wait', () => {
    const { watch, value, events } = ending(left(lost), {
      random: () => 0.5,
      known: { overtime: 9 },
    })
    expect(value).toBeUndefined()
    expect(watch).toEqual({
      ...of({ attempts: 3, askedAt: 50, polls: 2, lastFailure: stamped }),
      dueAt: 120,
      scheduledAt: 120,
      streak: { ...noStreak, retries: 1 },
    })
    expect(events).toEqual([
      { _tag: 'AttemptFailed', failure: stamped },
      { _tag: 'RetryScheduled', wait: 50, retries: 1 },
    ])
  })

  test('ends the watch if it is permanent', () => {
    const failure = { ...rejected(403), attempts: 3, elapsed: 70 }
    expect(ending(left(rejected(403)))).toMatchObject({
      value: left(failure),
      events: [{ _tag: 'AttemptFailed', failure }],
    })
  })

  test.each<[string, Failure, number | null]>([
    ['in its failure', unavailable(503, 4_000), null],
    ['in its headers', malformed('notJson'), 4_000],
  ])('is retried after the Retry-After %s, and no attempt starts sooner', (_, failure, asked) => {
    const { watch } = ending(left(failure), { retryAfter: asked })
    expect([watch.dueAt, watch.notBefore]).toEqual([4_110, 4_110])
  })

  test('that was throttled is not retried sooner, whatever else is due', () => {
    const { watch } = ending(left(throttled(null)))
    expect([watch.dueAt, watch.notBefore]).toEqual([170, 170])
    expect(ending(left(lost), { known: { notBefore: 7 } }).watch.notBefore).toBe(7)
  })

  test('is retried even after the deadline, in the overtime after a pause', () => {
    expect(ending(left(lost), { deadline: 60 }).value).toBeUndefined()
  })

  test('ends the watch if the requested wait exceeds the deadline', () => {
    const at = (retryAfter: number): Step => ending(left(unavailable(503, retryAfter)))
    expect(at(100_000 - 70).value).toBeUndefined()
    expect(at(100_000 - 69).value).toMatchObject(left({ _tag: 'Unavailable' }))
  })
})

describe('a refused key that has changed', () => {
  const refused = rejected(401)
  const changed = (known: Partial<Watch>): Step =>
    keyChanged(refused, rules)(of({ attempts: 1, dueAt: 50, ...known }), 70)

  test('is retried immediately, or when the server allows it', () => {
    const failure = { ...refused, attempts: 1, elapsed: 70 }
    const { watch, events } = changed({})
    expect([watch.dueAt, watch.streak]).toEqual([70, { ...noStreak, isRekeyed: true }])
    expect(events).toEqual([
      { _tag: 'AttemptFailed', failure },
      { _tag: 'RetryScheduled', wait: 0, retries: 0 },
    ])
    const later = changed({ notBefore: 100 })
    expect(later.watch.dueAt).toBe(100)
    expect(later.events).toContainEqual({ _tag: 'RetryScheduled', wait: 30, retries: 0 })
  })

  test('is retried only once', () => {
    const { value } = changed({ streak: { ...noStreak, isRekeyed: true } })
    expect(value).toMatchObject(left({ _tag: 'Rejected', status: 401 }))
  })
})
