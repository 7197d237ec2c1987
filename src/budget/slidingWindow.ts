/** The requests that the server may still count in its minute. */
export interface SlidingWindow {
  /** Counts this many requests until the given time. */
  readonly add: (requests: number, until: number) => void
  /** Drops this many requests, in the order in which they expire; all if there are fewer. */
  readonly drop: (requests: number) => void
  /** The number of requests that count now. */
  readonly count: (now: number) => number
  /**
   * Returns the time from which it counts fewer than `most`: -Infinity if it already does, Infinity if
   * it never will.
   */
  readonly roomAt: (most: number) => number
}

/** Keeps the requests in order of expiry, which is nearly the order of insertion. */
export const slidingWindow = (): SlidingWindow => {
  const entries: { readonly until: number; requests: number }[] = []
  /** The index of the first entry that has not expired. */
  let first = 0
  let sum = 0

  const count = (now: number): number => {
    for (
      let next = entries[first];
      next !== undefined && next.until <= now;
      next = entries[first]
    ) {
      sum -= next.requests
      first += 1
    }
    // Removing entries one by one would move all others each time.
    if (first * 2 > entries.length) {
      entries.splice(0, first)
      first = 0
    }
    return sum
  }

  return {
    add: (requests, exactly) => {
      // Whole milliseconds, so that requests within the same millisecond share an entry.
      const until = Math.ceil(exactly)
      for (let at = entries.length; ; at -= 1) {
        const before = at > first ? entries[at - 1] : undefined
        if (before?.until === until) before.requests += requests
        else if (before === undefined || before.until < until)
          entries.splice(at, 0, { until, requests })
        else continue
        break
      }
      sum += requests
    },
    drop: requests => {
      let left = requests
      for (let next = entries[first]; next !== undefined && left > 0; next = entries[first]) {
        const part = Math.min(left, next.requests)
        next.requests -= part
        sum -= part
        left -= part
        if (next.requests === 0) first += 1
      }
    },
    count,
    roomAt: most => {
      let left = sum
      if (left < most) return -Infinity
      const last = entries.find((entry, at) => at >= first && (left -= entry.requests) < most)
      return last === undefined ? Infinity : last.until
    },
  }
}
