import type { UploadStatus } from '../api/status'
import { callable, milliseconds, numberIn, object } from '../failure/checked'

/** The progress of a watch after an answered poll. Durations are in milliseconds. */
export interface Progress {
  /** Polls answered so far, from 1. */
  readonly polls: number
  /** Milliseconds since the start of the watch. */
  readonly elapsed: number
  /** The last status, or null if there was no known one. See `onUnknownStatus`. */
  readonly lastStatus: UploadStatus | null
  /** Milliseconds since the status last changed. */
  readonly unchangedFor: number
}

/**
 * Returns the milliseconds from an answer to the start of the next poll. So polls are *spaced*: a slow
 * answer delays the next poll and never overlaps it. `Infinity` stops polling.
 *
 * `random` returns numbers from 0 (inclusive) to 1 (exclusive).
 */
export type Schedule = (progress: Progress, random: () => number) => number

/** Checks that a value is a schedule, and returns it. */
export const checkedSchedule = (schedule: Schedule, name = 'schedule'): Schedule =>
  callable(schedule, name, '(progress, random) => ms', '; for a fixed wait use spaced(1000)')

/** Returns the wait of a schedule. Throws if it is invalid: that is a bug, not a failure. */
export const waitOf = (
  schedule: Schedule,
  progress: Progress,
  random: () => number,
  name = 'schedule',
): number =>
  numberIn(
    schedule(progress, random),
    `the result of ${name}`,
    0,
    Infinity,
    'milliseconds from 0 up',
  )

/**
 * Creates a schedule with a constant wait.
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
 * Creates a schedule whose wait grows by a factor with each poll, up to a cap.
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
  /** The factor between consecutive waits, at least 1. */
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
 * Creates a schedule whose wait is proportional to the age of the watch.
 *
 * The end of an upload that took `T` is detected at most `max(min, ratio * T)` late, plus the time of
 * the answers. The number of polls grows with the logarithm of `T` (until `max` is reached).
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
  /** The wait as a fraction of the elapsed time, above 0. */
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
 * Shortens each wait of a schedule by a random fraction, so that many watches do not poll in step. It
 * never lengthens a wait, so the upper bounds of the schedule still hold.
 *
 * @param fraction the largest fraction to remove, from 0 to 1
 * @throws TypeError or RangeError that names the argument
 */
export const jittered = (schedule: Schedule, fraction: number): Schedule => {
  checkedSchedule(schedule)
  numberIn(fraction, 'fraction', 0, 1)
  return (progress, random) => schedule(progress, random) * (1 - fraction * random())
}

/** Waits for the age of the watch, from 15 s to 5 min, shortened by up to 10 %. */
export const defaultSafetyNet: Schedule = jittered(
  proportional({ ratio: 1, min: 15_000, max: 300_000 }),
  0.1,
)

/** Waits for a fifth of the age of the watch, from 1 to 30 s, shortened by up to 10 %. */
export const defaultSchedule: Schedule = jittered(
  proportional({ ratio: 0.2, min: 1_000, max: 30_000 }),
  0.1,
)
