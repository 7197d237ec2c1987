import { describe, expect, test } from '@jest/globals'
import { left } from 'fp-ts/Either'
import { cancelled, expired, unavailable } from '../../src/failure/failure'
import {
  pushesUnreliable,
  failedWith,
  ignoredPush,
  timerFiredLate,
  paused,
  pollRequested,
  deadlinePassed,
  pushesReliable,
  resumed,
  sourceFailed,
  started,
} from '../../src/watch/transition'
import { endOf, reported, rescheduled, unstarted, type Watch } from '../../src/watch/watchState'
import { unwatched } from '../../src/watch/push'
import { processing } from '../answers'

const second = 1_000
const half = (): number => 0.5

const of = (known: Partial<Watch>): Watch => ({ ...unstarted, ...known })

describe('a request that starts', () => {
  test('counts as the next attempt, with its delay', () => {
    const watch = of({ attempts: 1, dueAt: 100 })
    expect(started(watch, 130)).toEqual({
      watch: { ...watch, attempts: 2, askedAt: 130 },
      events: [{ _tag: 'AttemptStarted', attempt: 2, late: 30 }],
    })
  })

  test('before it was due is not late', () => {
    expect(started(of({ dueAt: 100 }), 90).events).toMatchObject([{ late: 0 }])
  })
})

describe('a watch that resumes after a pause', () => {
  const after = (known: Partial<Watch>, now: number): Watch =>
    resumed({ deadline: 100 * second, random: half })(of(known), now).watch

  test('emits Resumed', () => {
    expect(paused(unstarted, 0)).toEqual({ watch: unstarted, events: [{ _tag: 'Paused' }] })
    expect(resumed({ deadline: 1, random: half })(unstarted, 0).events).toEqual([
      { _tag: 'Resumed' },
    ])
  })

  test('polls when its poll is due, if that is in the future', () => {
    expect(after({ attempts: 1, dueAt: 5_000, wait: 4_000 }, 1_000).dueAt).toBe(5_000)
  })

  test.each([
    ['its wait', 100, 1_050],
    ['2 s', 60_000, 2_000],
  ])(
    'polls at a random time within %s, if its poll became due during the pause',
    (_, wait, dueAt) => {
      expect(after({ attempts: 1, dueAt: 500, wait }, 1_000).dueAt).toBe(dueAt)
      expect(after({ attempts: 1, dueAt: 1_000, wait }, 1_000).dueAt).toBe(dueAt)
    },
  )

  test('polls immediately if it has not polled yet', () => {
    expect(after({}, 0).dueAt).toBe(0)
    expect(after({}, 300).dueAt).toBe(300)
  })

  test.each([
    ['a second after it started, if it was the first', { polls: 0, wait: 0 }, 1_500],
    ['one wait after it started, if it was a later one', { polls: 3, wait: 4_000 }, 4_500],
  ])('repeats an aborted attempt %s', (_, known, dueAt) => {
    expect(after({ attempts: 1, askedAt: 500, dueAt: 400, ...known }, 600).dueAt).toBe(dueAt)
    expect(after({ attempts: 1, askedAt: 500, dueAt: 500, ...known }, 600).dueAt).toBe(dueAt)
  })

  test('polls no sooner than the server allows', () => {
    expect(after({ attempts: 1, dueAt: 500, notBefore: 9_000, wait: 100 }, 1_000).dueAt).toBe(9_000)
  })

  test('has a minute for its poll if its deadline has passed', () => {
    const known = { attempts: 1, dueAt: 500, wait: 100 }
    expect(after(known, 100 * second - 1).overtime).toBe(0)
    expect(after(known, 100 * second).overtime).toBe(160 * second + 50)
  })
})

describe('a timer that fires much too late', () => {
  test('delays the attempt by a random part of 5 s', () => {
    const { watch, events } = timerFiredLate(half)(of({ dueAt: 10 }), 1_000)
    expect([watch.dueAt, watch.throttledUntil, events]).toEqual([3_500, 181_000, []])
  })

  test('for the second time in three minutes is throttled, so the attempt starts', () => {
    const known = { dueAt: 10, throttledUntil: 181_000 }
    const { watch } = timerFiredLate(half)(of(known), 180_999)
    expect([watch.dueAt, watch.throttledUntil]).toEqual([10, 360_999])
    expect(timerFiredLate(half)(of(known), 181_000).watch.dueAt).toBe(183_500)
  })
})

describe('pushes', () => {
  const soonerOf = (known: Partial<Watch>, now: number): Watch =>
    pushesUnreliable(half)(of({ isAlive: true, ...known }), now).watch

  test('that become reliable do not change the current wait', () => {
    const watch = of({ dueAt: 500 })
    expect(pushesReliable(watch, 0)).toEqual({ watch: { ...watch, isAlive: true }, events: [] })
  })

  test('that become unreliable move the next poll to the time of the schedule', () => {
    const watch = soonerOf({ dueAt: 60_000, scheduledAt: 20_000 }, 10_000)
    expect([watch.dueAt, watch.scheduledAt, watch.isAlive]).toEqual([20_000, 20_000, false])
    expect(pushesUnreliable(half)(unstarted, 0).events).toEqual([])
  })

  test.each([5_000, 10_000])(
    'that become unreliable cause a poll within 5 s if that time has passed: %d ms',
    scheduledAt => {
      expect(soonerOf({ dueAt: 60_000, scheduledAt }, 10_000).dueAt).toBe(12_500)
    },
  )

  test('that become unreliable delay no poll, and cause none sooner than the server allows', () => {
    expect(soonerOf({ dueAt: 11_000, scheduledAt: 5_000 }, 10_000).dueAt).toBe(11_000)
    expect(soonerOf({ dueAt: 60_000, scheduledAt: 20_000, notBefore: 30_000 }, 10_000).dueAt).toBe(
      30_000,
    )
  })

  test('that become unreliable do not change an attempt in progress', () => {
    const watch = soonerOf({ dueAt: 500, scheduledAt: 400 }, 10_000)
    expect([watch.dueAt, watch.scheduledAt]).toEqual([500, 400])
  })
})

describe('a poll that is requested', () => {
  test.each([
    ['immediately', { dueAt: 60_000 }, 1_000],
    ['when the server allows it', { dueAt: 60_000, notBefore: 5_000 }, 5_000],
    ['when it was due, if it already started', { dueAt: 500 }, 500],
  ])('starts %s', (_, known, dueAt) => {
    const { watch, events } = pollRequested(of(known), 1_000)
    expect([watch.dueAt, events]).toEqual([dueAt, []])
  })
})

describe('a watch that ends without a status', () => {
  const known = { attempts: 3, status: processing }
  const circumstances = { attempts: 3, elapsed: 1_001, lastStatus: 'processing' }

  test('has its attempts, its duration and the last status in its failure', () => {
    const watch = of(known)
    expect(failedWith(cancelled('left'))(watch, 1_000.6)).toEqual({
      watch,
      value: left({ ...cancelled('left'), ...circumstances }),
      events: [],
    })
    expect(failedWith(cancelled('left'))(unstarted, 0).value).toEqual(left(cancelled('left')))
  })

  test('at its deadline has the last failure', () => {
    const lastFailure = unavailable(503)
    expect(deadlinePassed(1_000)(of({ ...known, lastFailure }), 1_001).value).toEqual(
      left({ ...expired(1_000, lastFailure), ...circumstances }),
    )
  })
})

test('an ignored push and a failed source emit an event and change nothing', () => {
  expect(ignoredPush(unwatched)(unstarted, 0)).toEqual({ watch: unstarted, events: [unwatched] })
  expect(sourceFailed('poll$')(unstarted, 0)).toEqual({
    watch: unstarted,
    events: [{ _tag: 'SourceFailed', source: 'poll$' }],
  })
})

test('reported puts an event before those of a transition', () => {
  const step = reported({ _tag: 'CreditsReported', used: '1', balance: null }, paused)(unstarted, 0)
  expect(step).toEqual({
    watch: unstarted,
    events: [{ _tag: 'CreditsReported', used: '1', balance: null }, { _tag: 'Paused' }],
  })
})

test('rescheduled changes the time of the schedule only if the poll moves', () => {
  const watch = of({ dueAt: 500, scheduledAt: 100 })
  expect(rescheduled(watch, 500)).toBe(watch)
  expect(rescheduled(watch, 400)).toEqual({ ...watch, dueAt: 400, scheduledAt: 400 })
})

test('endOf returns the deadline, or the overtime if there is one', () => {
  expect([endOf(of({}), 100), endOf(of({ overtime: 200 }), 100)]).toEqual([100, 200])
})
