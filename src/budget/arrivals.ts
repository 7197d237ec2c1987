/** How many uploads are added per minute. */
export interface Arrivals {
  readonly add: (now: number) => void
  readonly perMinute: (now: number) => number
}

const minute = 60_000

/** An arrival this many ms ago counts less than half. */
const memory = 3 * minute

/** Averages the last minutes. Each arrival counts less as it gets older. */
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
      // At least a minute, so that a few arrivals at the start do not count as a high rate.
      const lasted = Math.max(minute, now - (since ?? now))
      return (count * minute) / memory / (1 - Math.exp(-lasted / memory))
    },
  }
}
