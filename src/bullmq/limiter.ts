/** The most jobs that all workers together start in a window of `duration` ms. */
export interface Limiter {
  readonly max: number
  readonly duration: number
}

const minute = 60_000

/** The shortest window, in ms. A shorter one costs more in timers and rounding than it spaces. */
const shortestWindow = 10

/**
 * Spaces the starts of jobs evenly: one job per window. A window with many jobs would admit up to twice
 * its limit around the boundary of two windows. Rates above 6,000 per minute start a few jobs every 10 ms.
 */
export const limiterOf = (perMinute: number, headroom: number): Limiter => {
  const spacing = minute / (perMinute * (1 - headroom))
  const max = Math.max(1, Math.round(shortestWindow / spacing))
  return { max, duration: Math.ceil(max * spacing) }
}

export const isSameLimiter = (one: Limiter, other: Limiter): boolean =>
  one.max === other.max && one.duration === other.duration

export const isStricter = (one: Limiter, other: Limiter): boolean =>
  one.max * other.duration < other.max * one.duration
