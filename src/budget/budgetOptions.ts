import { callable, integerIn, members, milliseconds, numberIn } from '../failure/checked'
import { longestTimer, monotonic, type Clock } from '../runtime/clock'
import type { BudgetEvent } from './saturation'

/** How many requests a budget admits. */
export interface BudgetOptions {
  /** Requests per minute, of all who use the team's keys here. */
  readonly perMinute: number
  /**
   * Requests that may start at once after a time with few; all others start evenly. A budget that is
   * spent all at once learns nothing for the rest of the minute. Never more than the limit allows.
   *
   * @default a sixth of perMinute, or of the server's limit where that is stricter; with `earliest` a
   *   sixtieth
   */
  readonly burst?: number | undefined
  /**
   * Requests that may run at the same time.
   *
   * @default 32
   */
  readonly inFlight?: number | undefined
  /**
   * The part of the team's limit, as the server states it, that is left to the team's other calls:
   * from 0, and below 1. What they use counts towards it. At most twice that much is kept for calls
   * that may come between two answers.
   *
   * @default 0.1
   */
  readonly headroom?: number | undefined
  /**
   * Milliseconds after an answer from which the budget may poll an upload again, before its
   * `schedule` says so: at least 100. So what is unspent of the rate is spent, and ends are noticed
   * sooner. A time that the server asked for, and the waits of `safetyNet`, stay as they are.
   *
   * @default none: polls start when `schedule` says so
   */
  readonly earliest?: number | undefined
  /** Receives when the budget becomes saturated, and when it no longer is. What it throws is ignored. */
  readonly on?: ((event: BudgetEvent) => void) | undefined
  /** Milliseconds that only go forward, for tests. @default performance.now */
  readonly clock?: Clock | undefined
  /** Numbers from 0 up to 1, for tests. @default Math.random */
  readonly random?: (() => number) | undefined
}

/** Options, checked and completed. */
export interface BudgetSettings {
  readonly perMinute: number
  readonly burst: number | undefined
  readonly inFlight: number
  readonly headroom: number
  readonly earliest: number | undefined
  readonly on: BudgetOptions['on']
  readonly clock: Clock
  readonly random: () => number
}

/**
 * Checks options and fills in the defaults.
 *
 * @throws TypeError or RangeError that names the option
 */
export const budgetSettingsOf = (options: BudgetOptions): BudgetSettings => {
  const names = ['perMinute', 'burst', 'inFlight', 'headroom', 'earliest', 'on', 'clock', 'random']
  members(options, 'options', names, 'an object such as { perMinute: 60 }')
  const {
    perMinute,
    burst,
    inFlight = 32,
    headroom = 0.1,
    earliest,
    on,
    clock = monotonic,
    random = Math.random,
  } = options
  integerIn(perMinute, 'perMinute', 1, longestTimer)
  if (burst !== undefined) integerIn(burst, 'burst', 1, longestTimer)
  integerIn(inFlight, 'inFlight', 1, longestTimer)
  numberIn(headroom, 'headroom', 0, 1 - Number.EPSILON, 'a number from 0, and below 1')
  if (earliest !== undefined) milliseconds(earliest, 'earliest', 100)
  if (on !== undefined) callable(on, 'on', '(event) => void')
  callable(clock, 'clock', '() => ms')
  callable(random, 'random', '() => a number from 0 up to 1')
  return { perMinute, burst, inFlight, headroom, earliest, on, clock, random }
}
