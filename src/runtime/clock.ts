import { asyncScheduler } from 'rxjs'

/** Returns milliseconds that never decrease. Only differences are meaningful. */
export type Clock = () => number

/** Dates (ms since 1970) are later than this; the virtual time of a `TestScheduler` is earlier. */
const firstDate = 10 ** 11

/** A timer may fire up to this many ms early, because some hosts round their clock. */
const maxRounding = 1_000

/** How far the platform's clock lags behind this one, in ms. */
let behind = 0
/** The latest reading of the platform's clock. */
let latest = 0
/** The latest time for which a timer was set that fired before it. */
let reached = -Infinity

const platformTime = (): number => {
  const time = performance.now()
  // Fake timers replace the platform's clock with one that starts at 0. This one continues.
  if (time < latest) behind += latest - time
  latest = time
  return time + behind
}

/**
 * The platform's monotonic clock. Setting the wall clock does not affect it. Whether it counts time
 * spent asleep depends on the platform (Linux and macOS: no; Windows: yes).
 *
 * In tests it agrees with the timers. Inside `TestScheduler.run` it returns virtual time, and under
 * fake timers it is never earlier than a timer that has fired.
 */
export const monotonic: Clock = () => {
  const virtual = asyncScheduler.now()
  // A wall clock near 1970 may tick between these readings. Virtual time does not.
  const isVirtual =
    virtual < firstDate && virtual !== Date.now() && virtual === asyncScheduler.now()
  return isVirtual ? virtual : Math.max(platformTime(), reached)
}

/** Records that a timer fired that was set for this time on the monotonic clock. */
export const timerFired = (at: number): void => {
  const late = at - monotonic()
  if (!(late > 0)) return
  reached = at
  // Fake timers without a fake clock: the clock continues from here.
  if (late > maxRounding) behind += late
}

/** The longest delay of a timer, in ms. Timers with a longer one fire immediately. */
export const longestTimer = 2 ** 31 - 1
