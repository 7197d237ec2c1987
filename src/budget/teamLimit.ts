/** Requests per minute that a budget may make, as far as it knows. */
export interface TeamLimit {
  readonly perMinute: () => number
  /** When what the server said is forgotten; `Infinity` if it said nothing stricter. */
  readonly lapsesAt: () => number
  /** Forgets what the server said, if that was too long ago. */
  readonly forget: (now: number) => void
  /** The server stated how many requests a minute the whole team may make. */
  readonly learn: (perMinute: number, now: number) => void
}

/** The server's limit is forgotten if no answer repeats it for this long, in ms. */
const lifetime = 300_000

/**
 * The limit that was configured, or a stricter one that the server states for the team.
 *
 * @param headroom the part of the team's limit that is left to its other calls
 */
export const teamLimit = (configured: number, headroom: number): TeamLimit => {
  let limit = configured
  let lapsesAt = Infinity
  const ours = (whole: number): number => Math.max(1, Math.floor(whole * (1 - headroom)))
  return {
    perMinute: () => limit,
    lapsesAt: () => lapsesAt,
    forget: now => {
      if (now < lapsesAt) return
      limit = configured
      lapsesAt = Infinity
    },
    learn: (perMinute, now) => {
      limit = Math.min(configured, ours(perMinute))
      lapsesAt = limit < configured ? now + lifetime : Infinity
    },
  }
}
