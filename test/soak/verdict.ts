import { grouped, slopeOf, type Point, type Slope } from './regression'

/** What a soak measured. */
export interface Measurements {
  /** Minutes, and bytes on the heap; each after a forced collection, with no watch running. */
  readonly heap: readonly Point[]
  /** Watches begun in each minute. */
  readonly watchesPerMinute: number
  /** What was still there at a moment when nothing should be: sockets, timers, listeners. */
  readonly leftOver: readonly string[]
  /** Watches that did not end as their grammar says, rejections that nobody handled, warnings. */
  readonly misdeeds: readonly string[]
}

/** What is to be said of it: clean, unless there are reasons. */
export interface Verdict {
  /** Bytes per minute. */
  readonly slope: Slope
  /** Bytes that each watch may have left behind at most. */
  readonly perWatch: number
  readonly reasons: readonly string[]
}

/** Neighbours sway alike; the means of this many groups of them do not. */
const groups = 20

/** Bytes per watch: the least that an object takes, so that one left behind is seen. */
const allowance = 16

/**
 * Judges a soak. A slope whose interval lies above zero is a leak; one whose interval is so wide
 * that a leak could hide in it proves nothing, and is no success either.
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
