/** A token bucket: each start takes a token. */
export interface TokenBucket {
  /**
   * Adds the tokens of the time since the last refill.
   *
   * @param rate tokens per millisecond
   * @param burst the most tokens that are saved
   * @param savesFrom the time from which a burst is saved up; before it, only one token for the next
   * start
   */
  readonly refill: (now: number, rate: number, burst: number, savesFrom: number) => void
  readonly take: () => void
  /** Drops all tokens. New ones accumulate from now on. */
  readonly empty: (now: number) => void
  /** Milliseconds until a request may start. */
  readonly untilToken: (rate: number) => number
}

/** The bucket always holds the tokens of this many ms, so that late timers cost no starts. */
const lateness = 100

/** A bucket that starts full. */
export const tokenBucket = (burst: number, now: number): TokenBucket => {
  let tokens = burst
  let refilledAt = now
  return {
    refill: (now, rate, burst, savesFrom) => {
      const least = Math.max(1, lateness * rate)
      const most = Math.max(least, burst)
      const earn = (until: number, cap: number): void => {
        tokens = Math.max(tokens, Math.min(cap, tokens + (until - refilledAt) * rate))
        refilledAt = until
      }
      // Drops surplus tokens if the limit has become stricter.
      tokens = Math.min(tokens, most)
      earn(Math.min(now, Math.max(refilledAt, savesFrom)), least)
      earn(now, most)
    },
    take: () => {
      tokens -= 1
    },
    empty: now => {
      tokens = 0
      refilledAt = now
    },
    untilToken: rate => (tokens >= 1 ? 0 : (1 - tokens) / rate),
  }
}
