const windowLength = 60_000

/** When the requests of the last minute were admitted, oldest first; milliseconds. */
export type RateWindow = readonly number[]

/** `_meta._rate_limits` of an answer; the day fields are legacy and always null. */
export interface RateLimits {
  readonly limit_minute: number
  readonly remaining_minute: number
  readonly limit_day: null
  readonly remaining_day: null
}

/** What the window says to one request. */
export interface Admission {
  readonly window: RateWindow
  readonly limits: RateLimits
  /** Whole seconds until a request is admitted again, for `Retry-After`; null where this one is. */
  readonly retryAfter: number | null
}

/**
 * Admits a request if fewer than `perMinute` were admitted in the 60 s before `now`, a window that
 * slides. A request that is refused takes no place in it, so waiting `retryAfter` is always enough.
 */
export const admit = (perMinute: number, window: RateWindow, now: number): Admission => {
  const recent = window.filter(at => now - at < windowLength)
  const [oldest] = recent
  const full = oldest !== undefined && recent.length >= perMinute
  const admitted = full ? recent : [...recent, now]
  return {
    window: admitted,
    limits: {
      limit_minute: perMinute,
      remaining_minute: perMinute - admitted.length,
      limit_day: null,
      remaining_day: null,
    },
    retryAfter: full ? Math.ceil((oldest + windowLength - now) / 1_000) : null,
  }
}
