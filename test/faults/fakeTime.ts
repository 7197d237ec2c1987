import { afterEach, beforeEach, expect, jest } from '@jest/globals'

/** When the tests that use it begin, on the wall clock. */
export const today = Date.parse('2026-01-01T12:00:00Z')

/**
 * Puts the timers and clocks of this library into the hands of the test, while the sockets, and what
 * Node does for them, go on in real time. So hours pass in no time, and on the millisecond.
 */
export const inFakeTime = (): void => {
  beforeEach(() => {
    jest.useFakeTimers({
      now: today,
      doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask'],
    })
  })

  afterEach(() => {
    const left = jest.getTimerCount()
    jest.useRealTimers()
    expect(left).toBe(0)
  })
}

export const pass = (ms: number): void => {
  jest.advanceTimersByTime(ms)
}

/** Sets the wall clock, as a user of the machine may. */
export const setWallClock = (ms: number): void => {
  jest.setSystemTime(ms)
}
