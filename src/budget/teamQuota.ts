import { slidingWindow } from './slidingWindow'
import { statedQuota, type Quota } from './statedQuota'

/** The requests of this budget. */
export interface OwnRequests {
  /** How many have started so far. */
  readonly started: number
  readonly running: number
  /** How many have ended, and count for the rest of their minute. */
  readonly counted: number
  /** When one of these counts no more. */
  readonly expiresAt: number
}

/** What the team's other calls leave to this budget. */
export interface TeamQuota {
  /** An answer says how many requests of a whole minute, or of a shorter window, are left. */
  readonly learn: (quota: Quota, perMinute: number | null, own: OwnRequests, now: number) => void
  /** When another request may start, or when to look again; -Infinity is now. */
  readonly roomAt: (own: OwnRequests, now: number) => number
  /** Starts per minute that use what is left evenly; `Infinity` while there are no others. */
  readonly perMinute: (own: OwnRequests, now: number) => number
}

const minute = 60_000

/** Others also make requests while an answer is on its way, for about this many ms. */
const onTheWay = 1_000

/**
 * The most that others are likely to have taken since the last answer, if they go on as in the last
 * minute. A Poisson stream takes more once in three million times: five standard deviations, by the
 * approximation of Cornish and Fisher.
 */
const likelyTaken = (othersPerMinute: number, since: number): number => {
  const mean = (othersPerMinute * Math.min(minute, since + onTheWay)) / minute
  return mean + 5 * Math.sqrt(mean) + 4
}

/**
 * Shares a limit with the team's other calls, whatever window the server counts in: the smaller number
 * that a fixed and a sliding one allow.
 *
 * @param headroom half of the part of the limit that may be kept for others between two answers
 */
export const teamQuota = (headroom: number): TeamQuota => {
  const stated = statedQuota()
  /** What the server counted, and this budget did not start. */
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
      // In a sliding window requests of others expire before we notice. Of our own that are running
      // the server may have counted none.
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
      if (taken === 0 || !isKnown(now)) return Infinity
      const free = stated.free(own.started, now)
      const left = Math.max(1_000, stated.endsAt() - now)
      return Math.max(whole / 4, Math.min(whole, (free * minute) / left) - taken)
    },
  }
}
