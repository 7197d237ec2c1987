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
  test('is the next attempt, from now on', () => {
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

describe('a watch that goes on after a pause', () => {
  const after = (known: Partial<Watch>, now: number): Watch =>
    resumed({ deadline: 100 * second, random: half })(of(known), now).watch

  test('says so', () => {
    expect(paused(unstarted, 0)).toEqual({ watch: unstarted, events: [{ _tag: 'Paused' }] })
    expect(resumed({ deadline: 1, random: half })(unstarted, 0).events).toEqual([
      { _tag: 'Resumed' },
    ])
  })

  test('polls when it is due, if that is still to come', () => {
    expect(after({ attempts: 1, dueAt: 5_000, wait: 4_000 }, 1_000).dueAt).toBe(5_000)
  })

  test.each([
    ['its wait', 100, 1_050],
    ['2 s', 60_000, 2_000],
  ])('polls at a random time within %s, if it became due meanwhile', (_, wait, dueAt) => {
    expect(after({ attempts: 1, dueAt: 500, wait }, 1_000).dueAt).toBe(dueAt)
    expect(after({ attempts: 1, dueAt: 1_000, wait }, 1_000).dueAt).toBe(dueAt)
  })

  test('starts at once where it had not started', () => {
    expect(after({}, 0).dueAt).toBe(0)
    expect(after({}, 300).dueAt).toBe(300)
  })

  test.each([
    ['a second after a first attempt', { polls: 0, wait: 0 }, 1_500],
    ['its wait after a later one', { polls: 3, wait: 4_000 }, 4_500],
  ])('repeats an attempt that the pause stopped %s', (_, known, dueAt) => {
    expect(after({ attempts: 1, askedAt: 500, dueAt: 400, ...known }, 600).dueAt).toBe(dueAt)
    expect(after({ attempts: 1, askedAt: 500, dueAt: 500, ...known }, 600).dueAt).toBe(dueAt)
  })

  test('polls no sooner than the server allows', () => {
    expect(after({ attempts: 1, dueAt: 500, notBefore: 9_000, wait: 100 }, 1_000).dueAt).toBe(9_000)
  })

  test('has a minute after its poll, if its deadline has passed', () => {
    const known = { attempts: 1, dueAt: 500, wait: 100 }
    expect(after(known, 100 * second - 1).overtime).toBe(0)
    expect(after(known, 100 * second).overtime).toBe(160 * second + 50)
  })
})

describe('a timer that comes much too late', () => {
  test('puts the attempt off by a random part of 5 s', () => {
    const { watch, events } = timerFiredLate(half)(of({ dueAt: 10 }), 1_000)
    expect([watch.dueAt, watch.throttledUntil, events]).toEqual([3_500, 181_000, []])
  })

  test('and again within three minutes is throttled: the attempt starts', () => {
    const known = { dueAt: 10, throttledUntil: 181_000 }
    const { watch } = timerFiredLate(half)(of(known), 180_999)
    expect([watch.dueAt, watch.throttledUntil]).toEqual([10, 360_999])
    expect(timerFiredLate(half)(of(known), 181_000).watch.dueAt).toBe(183_500)
  })
})

describe('pushes', () => {
  const soonerOf = (known: Partial<Watch>, now: number): Watch =>
    pushesUnreliable(half)(of({ isAlive: true, ...known }), now).watch

  test('that can be relied on change no wait that goes on', () => {
    const watch = of({ dueAt: 500 })
    expect(pushesReliable(watch, 0)).toEqual({ watch: { ...watch, isAlive: true }, events: [] })
  })

  test('that can no longer be relied on let the watch poll when its schedule would', () => {
    const watch = soonerOf({ dueAt: 60_000, scheduledAt: 20_000 }, 10_000)
    expect([watch.dueAt, watch.scheduledAt, watch.isAlive]).toEqual([20_000, 20_000, false])
    expect(pushesUnreliable(half)(unstarted, 0).events).toEqual([])
  })

  test.each([5_000, 10_000])('or within 5 s where its schedule would have at %d', scheduledAt => {
    expect(soonerOf({ dueAt: 60_000, scheduledAt }, 10_000).dueAt).toBe(12_500)
  })

  test('and never later, or sooner than the server allows', () => {
    expect(soonerOf({ dueAt: 11_000, scheduledAt: 5_000 }, 10_000).dueAt).toBe(11_000)
    expect(soonerOf({ dueAt: 60_000, scheduledAt: 20_000, notBefore: 30_000 }, 10_000).dueAt).toBe(
      30_000,
    )
  })

  test('and change nothing for an attempt that runs', () => {
    const watch = soonerOf({ dueAt: 500, scheduledAt: 400 }, 10_000)
    expect([watch.dueAt, watch.scheduledAt]).toEqual([500, 400])
  })
})

describe('a poll that is requested', () => {
  test.each([
    ['at once', { dueAt: 60_000 }, 1_000],
    ['when the server allows it', { dueAt: 60_000, notBefore: 5_000 }, 5_000],
    ['when it was due, if it runs', { dueAt: 500 }, 500],
  ])('starts %s', (_, known, dueAt) => {
    const { watch, events } = pollRequested(of(known), 1_000)
    expect([watch.dueAt, events]).toEqual([dueAt, []])
  })
})

describe('a watch that ends without a status', () => {
  const known = { attempts: 3, status: processing }
  const circumstances = { attempts: 3, elapsed: 1_001, lastStatus: 'processing' }

  test('says what is known by then', () => {
    const watch = of(known)
    expect(failedWith(cancelled('left'))(watch, 1_000.6)).toEqual({
      watch,
      value: left({ ...cancelled('left'), ...circumstances }),
      events: [],
    })
    expect(failedWith(cancelled('left'))(unstarted, 0).value).toEqual(left(cancelled('left')))
  })

  test('at its deadline names the last failure', () => {
    const lastFailure = unavailable(503)
    expect(deadlinePassed(1_000)(of({ ...known, lastFailure }), 1_001).value).toEqual(
      left({ ...expired(1_000, lastFailure), ...circumstances }),
    )
  })
})

test('what cannot be used is an event, and changes nothing', () => {
  expect(ignoredPush(unwatched)(unstarted, 0)).toEqual({ watch: unstarted, events: [unwatched] })
  expect(sourceFailed('poll$')(unstarted, 0)).toEqual({
    watch: unstarted,
    events: [{ _tag: 'SourceFailed', source: 'poll$' }],
  })
})

test('an event may come before those of a transition', () => {
  const step = reported({ _tag: 'CreditsReported', used: '1', balance: null }, paused)(unstarted, 0)
  expect(step).toEqual({
    watch: unstarted,
    events: [{ _tag: 'CreditsReported', used: '1', balance: null }, { _tag: 'Paused' }],
  })
})

test('a watch that keeps its time keeps that of its schedule', () => {
  const watch = of({ dueAt: 500, scheduledAt: 100 })
  expect(rescheduled(watch, 500)).toBe(watch)
  expect(rescheduled(watch, 400)).toEqual({ ...watch, dueAt: 400, scheduledAt: 400 })
})

test('a watch ends at its deadline, or after its overtime', () => {
  expect([endOf(of({}), 100), endOf(of({ overtime: 200 }), 100)]).toEqual([100, 200])
})
