import type { UploadStatus } from '../api/status'
import { callable, milliseconds, numberIn, object } from '../failure/checked'

/** What a watch knows after an answered poll. Durations are milliseconds. */
export interface Progress {
  /** Polls answered so far, from 1. */
  readonly polls: number
  /** Milliseconds since the start of the watch. */
  readonly elapsed: number
  /** Null if the server has said none that is known: see `onUnknownStatus`. */
  readonly lastStatus: UploadStatus | null
  /** Milliseconds since the status last changed. */
  readonly unchangedFor: number
}

/**
 * Milliseconds from an answer to the start of the next poll. So polls are *spaced*: a slow answer
 * delays the next poll instead of being overtaken by it. `Infinity` polls no more.
 *
 * `random` gives numbers from 0 up to 1.
 */
export type Schedule = (progress: Progress, random: () => number) => number

/** Returns a schedule. */
export const checkedSchedule = (schedule: Schedule, name = 'schedule'): Schedule =>
  callable(schedule, name, '(progress, random) => ms', '; for a fixed wait use spaced(1000)')

/** The wait that a schedule returns. One that returns none has a bug: that is no failure. */
export const waitOf = (
  schedule: Schedule,
  progress: Progress,
  random: () => number,
  name = 'schedule',
): number =>
  numberIn(
    schedule(progress, random),
    `what ${name} returns`,
    0,
    Infinity,
    'milliseconds from 0 up',
  )

/**
 * The same wait each time.
 *
 * ```
 * spaced(2_000)   poll ─ answer ── 2 s ── poll ─ answer ── 2 s ── poll
 * ```
 *
 * @param ms the wait, in milliseconds
 * @throws TypeError or RangeError if `ms` is not from 0 to 2^31-1
 */
export const spaced = (ms: number): Schedule => {
  milliseconds(ms, 'ms')
  return () => ms
}

/**
 * Waits that grow by a factor from poll to poll, up to a cap.
 *
 * ```
 * exponential({ first: 500, factor: 2, cap: 3_000 })   0.5 s, 1 s, 2 s, 3 s, 3 s …
 * ```
 *
 * @throws TypeError or RangeError that names the option
 */
export const exponential = (options: {
  /** Milliseconds to wait after the first poll. */
  readonly first: number
  /** How many times longer each wait is than the one before: at least 1. */
  readonly factor: number
  /** Milliseconds of the longest wait. */
  readonly cap: number
}): Schedule => {
  object(options, 'options', 'an object { first, factor, cap }')
  const { first, factor, cap } = options
  milliseconds(first, 'first')
  numberIn(factor, 'factor', 1, Infinity)
  milliseconds(cap, 'cap')
  return ({ polls }) => Math.min(cap, first * Math.min(Number.MAX_VALUE, factor ** (polls - 1)))
}

/**
 * Waits in proportion to how long the watch has lasted.
 *
 * The end of an upload that took `T` is noticed at most `max(min, ratio * T)` late, answers aside,
 * and the number of polls grows with the logarithm of `T` (until `max` is reached).
 *
 * ```
 * proportional({ ratio: 0.2, min: 1_000, max: 30_000 })
 * after   0 s   5 s   10 s   60 s   150 s and more
 * wait    1 s   1 s    2 s   12 s    30 s
 * ```
 *
 * @throws TypeError or RangeError that names the option
 */
export const proportional = (options: {
  /** The part of the elapsed time that is waited, above 0. */
  readonly ratio: number
  /** Milliseconds of the shortest wait. */
  readonly min: number
  /** Milliseconds of the longest wait. */
  readonly max: number
}): Schedule => {
  object(options, 'options', 'an object { ratio, min, max }')
  const { ratio, min, max } = options
  numberIn(ratio, 'ratio', Number.MIN_VALUE, Infinity, 'a number above 0')
  milliseconds(min, 'min')
  milliseconds(max, 'max', min)
  return ({ elapsed }) => Math.min(max, Math.max(min, ratio * elapsed || 0))
}

/**
 * Shortens each wait by a random part, so that many watches do not poll in step. It only shortens:
 * a bound that the schedule gives stays true.
 *
 * @param fraction the largest part to take away, from 0 to 1
 * @throws TypeError or RangeError that names the argument
 */
export const jittered = (schedule: Schedule, fraction: number): Schedule => {
  checkedSchedule(schedule)
  numberIn(fraction, 'fraction', 0, 1)
  return (progress, random) => schedule(progress, random) * (1 - fraction * random())
}

/** The age of the upload, from 15 s to 5 min, less up to a tenth. */
export const defaultSafetyNet: Schedule = jittered(
  proportional({ ratio: 1, min: 15_000, max: 300_000 }),
  0.1,
)

/** A fifth of the age of the upload, from 1 to 30 s, less up to a tenth. */
export const defaultSchedule: Schedule = jittered(
  proportional({ ratio: 0.2, min: 1_000, max: 30_000 }),
  0.1,
)
