/** The requests per minute that a budget may make, by what it knows. */
export interface TeamLimit {
  readonly perMinute: () => number
  /** The time at which the server's limit expires; `Infinity` if it stated no stricter one. */
  readonly expiresAt: () => number
  /** Drops the server's limit if it has expired. */
  readonly forget: (now: number) => void
  /** Call with the limit of the whole team, in requests per minute, as stated by the server. */
  readonly learn: (perMinute: number, now: number) => void
}

/** The server's limit expires if no answer repeats it for this long, in ms. */
export const limitLifetime = 300_000

/**
 * Tracks the limit: the configured one, or a stricter one that the server states for the team.
 *
 * @param headroom the fraction of the team's limit to leave for its other calls
 */
export const teamLimit = (configured: number, headroom: number): TeamLimit => {
  let limit = configured
  let expiresAt = Infinity
  const ours = (whole: number): number => Math.max(1, Math.floor(whole * (1 - headroom)))
  return {
    perMinute: () => limit,
    expiresAt: () => expiresAt,
    forget: now => {
      if (now < expiresAt) return
      limit = configured
      expiresAt = Infinity
    },
    learn: (perMinute, now) => {
      limit = Math.min(configured, ours(perMinute))
      expiresAt = limit < configured ? now + limitLifetime : Infinity
    },
  }
}
