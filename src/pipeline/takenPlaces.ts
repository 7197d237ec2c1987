/** The places of a budget that are taken, each until its own time. */
export interface TakenPlaces {
  readonly take: (places: number, until: number) => void
  /** How many are taken now. */
  readonly taken: (now: number) => number
  /** Milliseconds until so many of those that are taken are free again. */
  readonly untilFree: (places: number, now: number) => number
}

/** Keeps the places in the order in which they become free, which is nearly that of their taking. */
export const takenPlaces = (): TakenPlaces => {
  const all: { readonly until: number; places: number }[] = []
  /** Those before it are free again. */
  let first = 0
  let sum = 0

  const taken = (now: number): number => {
    for (let next = all[first]; next !== undefined && next.until <= now; next = all[first]) {
      sum -= next.places
      first += 1
    }
    // Not one by one: each time would move all the others.
    if (first * 2 > all.length) {
      all.splice(0, first)
      first = 0
    }
    return sum
  }

  return {
    take: (places, untilThen) => {
      // To the millisecond, so that many in one of them are kept as one.
      const until = Math.ceil(untilThen)
      let at = all.length
      while (at > first && (all[at - 1]?.until ?? 0) > until) at -= 1
      const same = all[at - 1]
      if (at > first && same?.until === until) same.places += places
      else all.splice(at, 0, { until, places })
      sum += places
    },
    taken,
    untilFree: (places, now) => {
      let freed = 0
      for (let at = first; at < all.length; at += 1) {
        const next = all[at]
        freed += next?.places ?? 0
        if (next !== undefined && freed >= places) return next.until - now
      }
      return Infinity
    },
  }
}
