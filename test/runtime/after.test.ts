import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { longestTimer, monotonic } from '../../src/runtime/clock'
import { after, wait$, type After } from '../../src/runtime/wait'

// Jest's timers keep what Node's do: a delay above 2^31-1 ms fires at once.
beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

const waits: ReadonlyArray<readonly [name: string, after: After]> = [
  ['after', after],
  ['wait$', (ms, work) => wait$(ms).subscribe(work)],
]

/** When the work was done, in milliseconds from now, as far as it was within `horizon`. */
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
  test('does its work once', () => {
    expect(timesOf(after, 1_000, 10_000)).toEqual([1_000])
    expect(jest.getTimerCount()).toBe(0)
  })

  test('does nothing in the turn in which it is called', () => {
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
  ])('waits for %d ms, however short timers are', ms => {
    expect(timesOf(after, ms, 3 * longestTimer)).toEqual([ms])
  })

  test('never works early and never twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 * longestTimer }), ms => {
        expect(timesOf(after, ms, 21 * longestTimer)).toEqual([ms])
        expect(jest.getTimerCount()).toBe(0)
      }),
    )
  })

  test('never comes after Infinity, and takes no timer for it', () => {
    expect(timesOf(after, Infinity, 10 * longestTimer)).toEqual([])
    const work = jest.fn()
    const waiting = after(Infinity, work)
    expect(jest.getTimerCount()).toBe(0)
    waiting.unsubscribe()
    expect(work).not.toHaveBeenCalled()
  })

  test.each([
    ['at once', 0],
    ['in the first part of a long wait', 5],
    ['in a later part of it', longestTimer + 5],
  ])('leaves no timer and does nothing when unsubscribed %s', (_, at) => {
    const work = jest.fn()
    const waiting = after(2 * longestTimer, work)
    jest.advanceTimersByTime(at)
    waiting.unsubscribe()
    expect(jest.getTimerCount()).toBe(0)
    jest.advanceTimersByTime(3 * longestTimer)
    expect(work).not.toHaveBeenCalled()
  })
})

test('a timer that fired is not later than the clock, where only timers are faked', () => {
  jest.useFakeTimers({ doNotFake: ['performance'] })
  const start = monotonic()
  const work = jest.fn()
  after(60_000, work)
  jest.advanceTimersByTime(60_000)
  expect(work).toHaveBeenCalledTimes(1)
  expect(monotonic() - start).toBeGreaterThanOrEqual(60_000)
})
