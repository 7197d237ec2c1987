import { expect } from '@jest/globals'
import { asyncScheduler, type Subscription } from 'rxjs'
import { TestScheduler, type RunHelpers } from 'rxjs/testing'

/** Helpers of a test in virtual time, and its clock. */
export interface Marbles extends RunHelpers {
  readonly clock: () => number
  /** Runs a callback at this time. */
  readonly at: (ms: number, work: () => void) => Subscription
}

/**
 * Runs a test in virtual time until no timer is left, and returns the time of the last timer in ms.
 */
export const marbles = (test: (helpers: Marbles) => void): number => {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected)
  })
  const clock = (): number => scheduler.now()
  scheduler.run(helpers => {
    const at: Marbles['at'] = (ms, work) => asyncScheduler.schedule(work, ms - clock())
    test({ ...helpers, clock, at })
  })
  return clock()
}
