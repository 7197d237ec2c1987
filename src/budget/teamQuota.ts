import { slidingWindow } from './slidingWindow'
import { statedQuota, type Quota } from './statedQuota'

/** The requests of this budget. */
export interface OwnRequests {
  /** The number of requests started so far. */
  readonly started: number
  readonly running: number
  /** The number of ended requests that still count for the rest of their minute. */
  readonly counted: number
  /** The time at which the first of these no longer counts. */
  readonly expiresAt: number
}

/** The quota that the team's other calls leave for this budget. */
export interface TeamQuota {
  /** Call with the remaining requests of a minute, or of a shorter window, from an answer. */
  readonly learn: (quota: Quota, perMinute: number | null, own: OwnRequests, now: number) => void
  /** The time at which another request may start, or to check again; -Infinity means now. */
  readonly roomAt: (own: OwnRequests, now: number) => number
  /** The starts per minute that spend the rest evenly; `Infinity` without other calls. */
  readonly perMinute: (own: OwnRequests, now: number) => number
}

const minute = 60_000

/** The approximate ms that an answer is in transit, while others also make requests. */
const onTheWay = 1_000

/**
 * The most requests that others have probably made since the last answer, at the rate of the last
 * minute. A Poisson stream exceeds it once in three million times: five standard deviations, by the
 * approximation of Cornish and Fisher.
 */
const likelyTaken = (othersPerMinute: number, since: number): number => {
  const mean = (othersPerMinute * Math.min(minute, since + onTheWay)) / minute
  return mean + 5 * Math.sqrt(mean) + 4
}

/**
 * Shares a limit with the team's other calls. For any kind of window on the server, it applies the
 * smaller of the numbers that a fixed and a sliding window allow.
 *
 * @param headroom half of the fraction of the limit that may be reserved for others between two answers
 */
export const teamQuota = (headroom: number): TeamQuota => {
  const stated = statedQuota()
  /** The requests that the server counted and this budget did not make. */
  const others = slidingWindow()
  let whole = Infinity

  const isKnown = (now: number): boolean => now - stated.statedAt() < minute

  const reserve = (now: number): number => {
    const taken = others.count(now)
    const likely = likelyTaken(taken, now - stated.statedAt())
    return taken === 0 ? 0 : Math.floor(Math.min(2 * headroom * whole, likely))
  }

  return {
    learn: (quota, perMinute, own, now) => {
      const { limit, remaining, resetIn } = quota
      // A window of another length says nothing about a minute, so the whole headroom is kept.
      const kept = limit === perMinute ? 0 : Math.floor(limit * headroom)
      const left = { ...quota, remaining: Math.max(0, remaining - kept) }
      stated.learn(left, own.started, Math.max(0, own.running - 1), now)
      if (limit !== perMinute) return
      whole = limit
      const unknown = limit - remaining - own.running - own.counted - others.count(now)
      if (unknown > 0) others.add(unknown, now + resetIn)
      // In a sliding window requests of others expire unnoticed. The server may not have counted our
      // running requests yet.
      else if (stated.slides()) others.drop(1 - own.running - unknown)
    },
    roomAt: (own, now) => {
      if (!isKnown(now)) return -Infinity
      const kept = reserve(now)
      if (stated.free(own.started, now) - kept < 1) return stated.endsAt()
      const taken = others.count(now)
      return own.running + own.counted + taken + kept < whole
        ? -Infinity
        : Math.min(own.expiresAt, others.roomAt(taken), stated.statedAt() + minute)
    },
    perMinute: (own, now) => {
      const taken = others.count(now)
      if (taken === 0) return Infinity
      const free = stated.free(own.started, now)
      const left = Math.max(1_000, stated.endsAt() - now)
      return Math.max(whole / 4, Math.min(whole, (free * minute) / left) - taken)
    },
  }
}
