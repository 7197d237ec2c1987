import { asyncScheduler } from 'rxjs'

/** Milliseconds on a clock that only goes forward. Only differences mean anything. */
export type Clock = () => number

/** Dates are later, in ms since 1970; the virtual time of a `TestScheduler` is earlier. */
const firstDate = 10 ** 11

/** A timer may fire up to this many ms early by the platform's clock, which some hosts round. */
const coarsest = 1_000

/** How far the platform's clock is behind the timers, in ms, and the latest time of a timer. */
let behind = 0
let reached = -Infinity

/**
 * The platform's monotonic clock: setting the wall clock does not move it. Whether time asleep
 * counts is the platform's choice (Linux and macOS: no; Windows: yes).
 *
 * In tests it agrees with the timers: inside `TestScheduler.run` it is the virtual time, and under fake
 * timers it is never earlier than a timer that has fired.
 */
export const monotonic: Clock = () => {
  const virtual = asyncScheduler.now()
  return virtual < firstDate && virtual !== Date.now()
    ? virtual
    : Math.max(performance.now() + behind, reached)
}

/** A timer fired that was set for this time on the monotonic clock. */
export const timerFired = (at: number): void => {
  const late = at - monotonic()
  if (!(late > 0)) return
  reached = at
  // Fake timers, without a fake clock. It goes on from here.
  if (late > coarsest) behind += late
}

/** The longest delay that timers keep, in ms: one more, and they fire at once. */
export const longestTimer = 2 ** 31 - 1
