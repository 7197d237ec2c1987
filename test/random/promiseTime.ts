import { afterEach, beforeEach, jest } from '@jest/globals'

/** Milliseconds that pass at once. All times in these tests are multiples of it. */
export const step = 50

/** Stops time for the tests of this file; promises and what has no delay go on. */
export const stopTime = (): void => {
  beforeEach(() => {
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'performance'],
    })
  })
  afterEach(() => {
    jest.useRealTimers()
  })
}

/** All that promises lead to has happened, and what was to happen without a delay. */
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
