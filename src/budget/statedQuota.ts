/** The number of requests that may start, by the server's latest statement. */
export interface StatedQuota {
  /**
   * An answer says how many requests are left.
   *
   * @param started requests that this budget has started so far
   * @param running those of them that run now, apart from the answered one
   */
  readonly learn: (quota: Quota, started: number, running: number, now: number) => void
  /** Requests that may start; `Infinity` if the server says nothing about now. */
  readonly free: (started: number, now: number) => number
  /** The time by which the server's window has certainly ended. */
  readonly endsAt: () => number
  /** The time of the server's latest statement. */
  readonly statedAt: () => number
  /** Whether the server is known to use a sliding window, which frees requests gradually. */
  readonly slides: () => boolean
}

export interface Quota {
  readonly limit: number
  readonly remaining: number
  /** The most ms until the window ends. */
  readonly resetIn: number
}

/** An answer. It is kept until all answers that may have been counted before it have arrived. */
interface Statement {
  readonly least: number
  readonly keep: number
}

const minute = 60_000

/** The approximate most ms from the server's count to the arrival of an answer. */
const onTheWay = 1_000

/**
 * Tracks the window of the server. A fixed window frees requests only when it turns, so our requests
 * that expire in our sliding window free nothing in it.
 *
 * All numbers count our starts: with `started` 10 and `remaining` 5 the window is spent at our start
 * number 15. The server may or may not have counted running requests, so it is spent between `least`
 * and `most`. Other callers only lower these numbers, so a higher one proves that the window has turned.
 * A fixed window that turned within the last half minute cannot be half spent, so if it is, it slides.
 *
 * Answers may arrive in another order than they were counted, so the smallest recent one applies.
 */
export const statedQuota = (): StatedQuota => {
  let recent: readonly Statement[] = []
  let most = Infinity
  let turnedAt = -Infinity
  let statedAt = -Infinity
  let endsAt = -Infinity
  let slides = false
  const least = (): number => Math.min(...recent.map(each => each.least))

  const turn = (now: number): void => {
    turnedAt = now
    most = Infinity
  }

  return {
    learn: ({ limit, remaining, resetIn }, started, running, now) => {
      const isSpent = remaining < limit / 2
      if (now >= endsAt) {
        // This answer was counted before the window ended.
        if (isSpent && now - endsAt < onTheWay) return
        if (isSpent && now - endsAt < 5_000) slides = true
        recent = []
        turn(now)
      }
      recent = [
        ...recent.flatMap(({ least, keep }) => (keep > 0 ? { least, keep: keep - 1 } : [])),
        { least: remaining + started - running, keep: running },
      ]
      if (least() > most) {
        slides = isSpent && now - statedAt < minute / 2
        turn(now)
      }
      most = Math.min(most, remaining + started)
      statedAt = now
      endsAt = Math.min(turnedAt + minute, now + resetIn)
    },
    free: (started, now) => (now >= endsAt || slides ? Infinity : least() - started),
    endsAt: () => endsAt,
    statedAt: () => statedAt,
    slides: () => slides,
  }
}
