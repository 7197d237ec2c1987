import { grouped, slopeOf, type Point, type Slope } from './regression'

/** The measurements of a soak. */
export interface Measurements {
  /** Samples of minutes and heap bytes, each after a forced collection, with no watch running. */
  readonly heap: readonly Point[]
  /** Watches started per minute. */
  readonly watchesPerMinute: number
  /** Sockets, timers and listeners that were left after a round. */
  readonly leftOver: readonly string[]
  /** Watches that broke their grammar, unhandled rejections, warnings. */
  readonly misdeeds: readonly string[]
}

/** The verdict: clean if `reasons` is empty. */
export interface Verdict {
  /** Bytes per minute. */
  readonly slope: Slope
  /** Bytes that each watch may have left behind at most. */
  readonly perWatch: number
  readonly reasons: readonly string[]
}

/** The noise of neighbours is correlated; that of the means of this many groups is not. */
const groups = 20

/** Bytes per watch: the size of the smallest object, so that one leaked object is found. */
const allowance = 16

/**
 * Judges a soak. A slope whose interval is above zero is a leak. If the interval is so wide that a leak
 * could hide in it, the soak proves nothing, and is no success either.
 */
export const verdictOf = ({
  heap,
  watchesPerMinute,
  leftOver,
  misdeeds,
}: Measurements): Verdict => {
  const slope = slopeOf(grouped(heap, groups))
  const perWatch = slope.high / watchesPerMinute
  const ofTheHeap =
    slope.low > 0
      ? ['the heap leaks']
      : perWatch < allowance
        ? []
        : ['too noisy or too short: a leak could hide']
  const reasons = [...ofTheHeap, ...leftOver.map(what => `left over: ${what}`), ...misdeeds]
  return { slope, perWatch, reasons }
}
