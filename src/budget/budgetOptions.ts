import { callable, integerIn, members, milliseconds, numberIn } from '../failure/checked'
import { longestTimer, monotonic, type Clock } from '../runtime/clock'
import type { BudgetEvent } from './saturation'

/** The options of a budget. Durations are in milliseconds. */
export interface BudgetOptions {
  /** The most requests per minute, of all callers here that use the team's keys. */
  readonly perMinute: number
  /**
   * The most requests that may start together after a quiet period. All others start evenly, because a
   * budget that is spent in one burst learns nothing for the rest of the minute. The limit still holds.
   *
   * @default a sixth of perMinute, or of the server's limit if that is stricter; with `earliest` a
   *   sixtieth
   */
  readonly burst?: number | undefined
  /**
   * The most requests in flight.
   *
   * @default 32
   */
  readonly inFlight?: number | undefined
  /**
   * The fraction of the team's limit, as stated by the server, to leave for the team's other calls: at
   * least 0 and below 1. Their requests count towards it. At most twice this fraction is reserved for
   * calls that may occur between two answers.
   *
   * @default 0.1
   */
  readonly headroom?: number | undefined
  /**
   * Milliseconds after an answer from which the budget may poll an upload again, earlier than its
   * `schedule` says; at least 100. It spends the unused part of the rate, so that ends are detected
   * sooner. Waits that the server requests, and those of `safetyNet`, still apply.
   *
   * @default none: polls start when `schedule` says so
   */
  readonly earliest?: number | undefined
  /** Receives an event when the budget becomes saturated or recovers. Errors are ignored. */
  readonly on?: ((event: BudgetEvent) => void) | undefined
  /** Returns milliseconds that never decrease, for tests. @default performance.now */
  readonly clock?: Clock | undefined
  /** Returns numbers from 0 (inclusive) to 1 (exclusive), for tests. @default Math.random */
  readonly random?: (() => number) | undefined
}

/** The checked options with their defaults. */
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
