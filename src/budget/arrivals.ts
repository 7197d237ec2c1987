/** How many uploads are added per minute. */
export interface Arrivals {
  readonly add: (now: number) => void
  readonly perMinute: (now: number) => number
}

const minute = 60_000

/** What arrived so many ms ago counts less than half. */
const memory = 3 * minute

/** The mean of the last minutes, in which each arrival counts less as it gets older. */
export const arrivals = (): Arrivals => {
  let count = 0
  let countedAt = 0
  let since: number | null = null

  const age = (now: number): void => {
    count *= Math.exp((countedAt - now) / memory)
    countedAt = now
  }

  return {
    add: now => {
      age(now)
      since ??= now
      count += 1
    },
    perMinute: now => {
      age(now)
      // A minute at least, so that a few together at the start are no stream.
      const lasted = Math.max(minute, now - (since ?? now))
      return (count * minute) / memory / (1 - Math.exp(-lasted / memory))
    },
  }
}
