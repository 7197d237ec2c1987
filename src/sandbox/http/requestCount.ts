const windowLength = 60_000

/** The times in ms at which the requests of the last 60 s were admitted, oldest first. */
export type RateWindow = readonly number[]

/** The member `_meta._rate_limits` of an answer. The day fields are legacy and always null. */
export interface RateLimits {
  readonly limit_minute: number
  readonly remaining_minute: number
  readonly limit_day: null
  readonly remaining_day: null
}

/** Whether a request is admitted, and the window after it. */
export interface Admission {
  readonly window: RateWindow
  readonly limits: RateLimits
  /** Seconds to wait, for `Retry-After`; null if the request is admitted. */
  readonly retryAfter: number | null
}

/**
 * Admits a request if fewer than `perMinute` were admitted in the 60 s before `now` (a sliding
 * window). A refused request does not count, so a client that waits for `retryAfter` is admitted.
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
