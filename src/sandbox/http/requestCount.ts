const windowLength = 60_000

/** The refused requests in one window after which a `lockout` begins, not counting the first one. */
const earlyRetries = 3

/** A limit of requests per minute. */
export interface RateLimit {
  readonly perMinute: number
  /**
   * `fixed`: a window begins with the first request after the last window, and ends 60 s later.
   * `sliding`: the 60 s before each request are a window.
   */
  readonly window: 'fixed' | 'sliding'
  /** Milliseconds of a lockout; null if early retries are not punished. */
  readonly lockout: number | null
}

/** The requests that a limit has seen. Times are in milliseconds. */
export interface RequestCount {
  /** When the requests of the current window were admitted, oldest first. */
  readonly admitted: readonly number[]
  /** The requests that were refused since the last one that was admitted. */
  readonly refused: number
  readonly lockedUntil: number
}

/** No requests yet. */
export const noRequests: RequestCount = { admitted: [], refused: 0, lockedUntil: -Infinity }

/** Whether a request is admitted, and the count after it. */
export interface Admission {
  readonly count: RequestCount
  readonly remaining: number
  /** Seconds to wait, for `Retry-After`; null if the request is admitted. */
  readonly retryAfter: number | null
  /** Whether this request begins a lockout. */
  readonly locked: boolean
}

const seconds = (ms: number): number => Math.ceil(ms / 1_000)

/**
 * Admits a request if the current window has room. A refused request does not count, so a client
 * that waits for `retryAfter` is admitted, unless others took its place.
 */
export const admit = (limit: RateLimit, count: RequestCount, now: number): Admission => {
  const recent = recentOf(limit, count, now)
  const [oldest] = recent
  if (oldest === undefined || recent.length < limit.perMinute) {
    const admitted = [...recent, now]
    return {
      count: { ...count, admitted, refused: 0 },
      remaining: limit.perMinute - admitted.length,
      retryAfter: null,
      locked: false,
    }
  }
  const { lockout } = limit
  const locked = lockout !== null && count.refused >= earlyRetries
  return {
    count: locked
      ? { admitted: recent, refused: 0, lockedUntil: now + lockout }
      : { ...count, admitted: recent, refused: count.refused + 1 },
    remaining: 0,
    retryAfter: seconds(locked ? lockout : oldest + windowLength - now),
    locked,
  }
}

const recentOf = (
  { window }: RateLimit,
  { admitted }: RequestCount,
  now: number,
): readonly number[] => {
  switch (window) {
    case 'fixed': {
      const [first = -Infinity] = admitted
      return now - first < windowLength ? admitted : []
    }
    case 'sliding':
      return admitted.filter(at => now - at < windowLength)
  }
}

/** Returns the seconds until a lockout ends; null if there is none. */
export const lockedFor = ({ lockedUntil }: RequestCount, now: number): number | null =>
  now < lockedUntil ? seconds(lockedUntil - now) : null
