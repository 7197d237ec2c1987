import { TestScheduler } from 'rxjs/testing'

/** Virtual time that advances only when a test advances it. */
export interface SteppedTime {
  readonly now: () => number
  /** Lets this many milliseconds pass; 0 runs what is due now. */
  readonly pass: (ms: number) => void
  /** Advances until no timer is left, and returns the milliseconds. */
  readonly drain: () => number
}

/** Runs synchronous work in virtual time. It must not wait for a promise. */
export const inSteppedTime = (work: (time: SteppedTime) => void): void => {
  const scheduler = new TestScheduler(() => undefined)
  const passUntil = (ms: number): void => {
    scheduler.maxFrames = ms
    scheduler.flush()
  }
  scheduler.run(() => {
    work({
      now: () => scheduler.now(),
      pass: ms => {
        const until = scheduler.now() + ms
        passUntil(until)
        scheduler.frame = until
      },
      drain: () => {
        const from = scheduler.now()
        passUntil(Infinity)
        return scheduler.now() - from
      },
    })
  })
}
