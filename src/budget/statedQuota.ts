/** How many requests may start by what the server said last. */
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
  /** When the window has certainly ended in which the server counts. */
  readonly endsAt: () => number
  /** When the server said something last. */
  readonly statedAt: () => number
  /** Whether the server is known to count a sliding window: room comes back bit by bit. */
  readonly slides: () => boolean
}

export interface Quota {
  readonly limit: number
  readonly remaining: number
  /** Milliseconds until the window ends at the latest. */
  readonly resetIn: number
}

/** An answer. It is kept until as many others have arrived as may have been counted before it. */
interface Statement {
  readonly least: number
  readonly keep: number
}

const minute = 60_000

/** Answers arrive within about this many ms after the server counted them. */
const onTheWay = 1_000

/**
 * Follows the window of the server. A fixed window gives room only when it turns, so requests of our
 * own that expire in our sliding window make no room in it.
 *
 * All numbers are counts of our starts: with `started` 10 and `remaining` 5 the window is spent at our
 * start number 15. Requests that are running may be counted already or not, so it is spent between
 * `least` and `most`. Others only lower it, so that a higher one proves that the window has turned. A
 * fixed window that turned within the last half minute is not spent by half, so one that is slides.
 *
 * Answers may arrive in another order than they were counted in. The smallest recent one is believed.
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
