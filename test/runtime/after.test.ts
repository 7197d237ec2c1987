import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { Subscription } from 'rxjs'
import { longestTimer, monotonic } from '../../src/runtime/clock'
import { after, onTimeout, wait$, type After } from '../../src/runtime/wait'

// Like Node's, Jest's timers fire immediately after a delay above 2^31-1 ms.
beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

const waits: ReadonlyArray<readonly [name: string, after: After]> = [
  ['after', after],
  ['wait$', (ms, work) => wait$(ms).subscribe(work)],
  [
    'onTimeout',
    (ms, work) => {
      const life = new Subscription()
      onTimeout(life, ms, work)
      return life
    },
  ],
]

/** The times of the calls within `horizon`, in milliseconds from now. */
const timesOf = (after: After, ms: number, horizon: number): readonly number[] => {
  const start = Date.now()
  const times: number[] = []
  after(ms, () => {
    times.push(Date.now() - start)
  })
  jest.advanceTimersByTime(horizon)
  return times
}

describe.each(waits)('%s', (_, after) => {
  test('calls its work once', () => {
    expect(timesOf(after, 1_000, 10_000)).toEqual([1_000])
    expect(jest.getTimerCount()).toBe(0)
  })

  test('does not call its work in the same turn', () => {
    const work = jest.fn()
    after(0, work)
    expect(work).not.toHaveBeenCalled()
    jest.advanceTimersByTime(1)
    expect(work).toHaveBeenCalledTimes(1)
  })

  test.each([
    longestTimer - 1,
    longestTimer,
    longestTimer + 1,
    2 * longestTimer,
    2 * longestTimer + 1,
  ])('waits for %d ms, even if the longest timer is shorter', ms => {
    expect(timesOf(after, ms, 3 * longestTimer)).toEqual([ms])
  })

  test('calls its work exactly on time, and once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 * longestTimer }), ms => {
        expect(timesOf(after, ms, 21 * longestTimer)).toEqual([ms])
        expect(jest.getTimerCount()).toBe(0)
      }),
    )
  })

  test('sets no timer and never calls its work for Infinity', () => {
    expect(timesOf(after, Infinity, 10 * longestTimer)).toEqual([])
    const work = jest.fn()
    const waiting = after(Infinity, work)
    expect(jest.getTimerCount()).toBe(0)
    waiting.unsubscribe()
    expect(work).not.toHaveBeenCalled()
  })

  test.each([
    ['immediately', 0],
    ['during the first timer of a long wait', 5],
    ['during a later timer', longestTimer + 5],
  ])('leaves no timer and does not call its work when unsubscribed %s', (_, at) => {
    const work = jest.fn()
    const waiting = after(2 * longestTimer, work)
    jest.advanceTimersByTime(at)
    waiting.unsubscribe()
    expect(jest.getTimerCount()).toBe(0)
    jest.advanceTimersByTime(3 * longestTimer)
    expect(work).not.toHaveBeenCalled()
  })
})

test('the clock is not behind a timer that fired, even if only timers are faked', () => {
  jest.useFakeTimers({ doNotFake: ['performance'] })
  const start = monotonic()
  const work = jest.fn()
  after(60_000, work)
  jest.advanceTimersByTime(60_000)
  expect(work).toHaveBeenCalledTimes(1)
  expect(monotonic() - start).toBeGreaterThanOrEqual(60_000)
})
