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
      for (let at = all.length; ; at -= 1) {
        const before = at > first ? all[at - 1] : undefined
        if (before?.until === until) before.places += places
        else if (before === undefined || before.until < until) all.splice(at, 0, { until, places })
        else continue
        break
      }
      sum += places
    },
    taken,
    untilFree: (places, now) => {
      let freed = 0
      const last = all.find((each, at) => at >= first && (freed += each.places) >= places)
      return last === undefined ? Infinity : last.until - now
    },
  }
}
