import { afterEach, beforeEach, jest } from '@jest/globals'

/** Milliseconds of one step of time. All times in these tests are multiples of it. */
export const step = 50

/** Stops the timers in the tests of a file. Promises and immediates continue. */
export const stopTime = (): void => {
  beforeEach(() => {
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'],
    })
  })
  afterEach(() => {
    jest.useRealTimers()
  })
}

/** Waits until all promises and timers without a delay have run. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 2; turn += 1) {
    await new Promise<void>(resolve => setImmediate(resolve))
    jest.advanceTimersByTime(0)
  }
  await new Promise<void>(resolve => setImmediate(resolve))
}

/** Lets time pass, a step at a time. */
export const pass = async (ms: number, look: () => void = () => undefined): Promise<void> => {
  for (let left = ms; left > 0; left -= step) {
    jest.advanceTimersByTime(step)
    await settle()
    look()
  }
}
