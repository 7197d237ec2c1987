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

  test.each<[UploadStatus | null, UploadStatus]>([
    [null, pending],
    [null, completed],
    [pending, processing],
    [processing, completed],
    [processing, failed],
    [completed, failed],
  ])('after %j is emitted if it is %j', (known, status) => {
    for (const emit of ['changes', 'every'] as const)
      expect(after(known, status, emit)).toEqual({
        watch: of({ status, changedAt: 70 }),
        known: status,
        value: right(status),
        events: [{ _tag: 'StatusReceived', status: status.status, via: 'push' }],
      })
  })

  test('again is emitted only if every one is wanted, and changes nothing', () => {
    for (const emit of ['changes', 'every'] as const)
      expect(after(processing, processing, emit)).toEqual({
        watch: of({ status: processing, changedAt: 3 }),
        known: processing,
        value: emit === 'every' ? right(processing) : undefined,
        events: [{ _tag: 'StatusReceived', status: 'processing', via: 'push' }],
      })
  })

  test('that takes a status back is an event, and nothing else', () => {
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
  test('schedules the next one from now on, and forgets what failed before', () => {
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

  test('hands the schedule what is known', () => {
    const seen: Progress[] = []
    const schedule = (progress: Progress): number => {
      seen.push(progress)
      return 1
    }
    const known = { status: processing, changedAt: 20 }
    ending(right(processing), { known, schedule })
    expect(seen).toEqual([{ polls: 3, elapsed: 70, lastStatus: processing, unchangedFor: 50 }])
  })

  test('that found the end schedules none', () => {
    const { watch, value, events } = ending(right(completed))
    expect([watch.dueAt, watch.polls, value]).toEqual([50, 2, right(completed)])
    expect(events).toHaveLength(1)
  })

  test.each([
    ['as late as the server asks', 5_000, 5_120],
    ['as its schedule says, if that is later', 10, 1_070],
  ])('is followed %s', (_, retryAfter, dueAt) => {
    const { watch } = ending(right(pending), { retryAfter })
    expect([watch.dueAt, watch.scheduledAt]).toEqual([dueAt, dueAt])
    expect(watch.notBefore).toBe(Math.round(70 + 1.01 * retryAfter))
  })

  test('keeps a later time before which the server allows none', () => {
    expect(ending(right(pending), { known: { notBefore: 9_000 } }).watch.notBefore).toBe(9_000)
  })

  test.each([
    ['sooner than its schedule says, if its budget may', 1_000, 200, 270],
    ['no later for it', 100, 200, 170],
    ['not at all, if its schedule says never', Infinity, 200, Infinity],
  ])('is followed %s', (_, wait, earliest, dueAt) => {
    const { watch } = ending(right(pending), { schedule: () => wait, budget: { earliest } })
    expect(watch.dueAt).toBe(dueAt)
  })

  test('waits as the safety net says while pushes are relied on, and notes its schedule', () => {
    const { watch, events } = ending(right(pending), { known: { isAlive: true } })
    expect([watch.dueAt, watch.scheduledAt, watch.wait]).toEqual([30_070, 1_070, 1_000])
    expect(events).toContainEqual({ _tag: 'PollScheduled', wait: 30_000, polls: 3 })
    const asked = ending(right(pending), { known: { isAlive: true }, retryAfter: 60_000 })
    expect(asked.watch.dueAt).toBe(60_670)
  })
})

describe('what a schedule returns', () => {
  test('is named where it is no wait', () => {
    const known = { isAlive: true }
    expect(() => ending(right(pending), { schedule: () => NaN })).toThrow(/^the result of schedule/)
    expect(() => ending(right(pending), { known, safetyNet: () => NaN })).toThrow(
      /^the result of safetyNet/,
    )
  })

  test('has no other jitter if the server requests no wait', () => {
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

  test('is an event where the watch is to go on, and the schedule goes by what was known', () => {
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

  test('is one only where the answer breaks the contract by nothing else', () => {
    const { events } = ending(left(unavailable(503)), { onUnknownStatus: 'continue' })
    expect(events).toMatchObject([{ _tag: 'AttemptFailed' }, { _tag: 'RetryScheduled' }])
  })
})

describe('a failed attempt', () => {
  const lost = unavailable(503)
  const stamped = { ...lost, attempts: 3, elapsed: 70 }

  test('is repeated after its wait', () => {
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

  test('ends the watch if it is not to be repeated', () => {
    const failure = { ...rejected(403), attempts: 3, elapsed: 70 }
    expect(ending(left(rejected(403)))).toMatchObject({
      value: left(failure),
      events: [{ _tag: 'AttemptFailed', failure }],
    })
  })

  test.each<[string, Failure, number | null]>([
    ['in its failure', unavailable(503, 4_000), null],
    ['in its headers', malformed('notJson'), 4_000],
  ])('waits as the server asks %s, and no attempt may start sooner', (_, failure, asked) => {
    const { watch } = ending(left(failure), { retryAfter: asked })
    expect([watch.dueAt, watch.notBefore]).toEqual([4_110, 4_110])
  })

  test('that was throttled is not repeated sooner, whatever else is due', () => {
    const { watch } = ending(left(throttled(null)))
    expect([watch.dueAt, watch.notBefore]).toEqual([170, 170])
    expect(ending(left(lost), { known: { notBefore: 7 } }).watch.notBefore).toBe(7)
  })

  test('is repeated also after the deadline, in the overtime that a pause gives', () => {
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

  test('repeats the attempt at once, or when the server allows it', () => {
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

  test('repeats it once', () => {
    const { value } = changed({ streak: { ...noStreak, isRekeyed: true } })
    expect(value).toMatchObject(left({ _tag: 'Rejected', status: 401 }))
  })
})
