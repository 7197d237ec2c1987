import { afterEach, beforeEach, expect, jest } from '@jest/globals'

/** The wall clock at the start of each test in fake time. */
export const today = Date.parse('2026-01-01T12:00:00Z')

/**
 * Fakes the timers and clocks of this library, while the sockets work in real time. So a test can let
 * hours pass immediately, exact to the millisecond.
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
