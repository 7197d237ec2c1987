import { backoff } from '../runtime/backoff'

/** Tracks the pauses that the server requests. */
export interface ServerPause {
  /** The time before which no request may start. */
  readonly until: () => number
  /** Whether the server refused a request and has answered none since. */
  readonly isRefused: () => boolean
  /** Call when the server refused a request. `asked` is the requested wait, in ms. */
  readonly refused: (asked: number | null, now: number) => void
  /** Call when the server answered a request. Returns whether that ends a refusal. */
  readonly answered: (now: number) => boolean
}

/** The pause after a `429` without a `Retry-After`, in ms. */
const pause = { base: 1_000, cap: 60_000 }

/**
 * The pause after a `429`, in ms: as long as the server requested, or a second and a backoff.
 *
 * @param refusals consecutive refusals, from 1
 */
export const pauseAfter = (
  requested: number | null,
  refusals: number,
  random: () => number,
): number => requested ?? pause.base + backoff(pause, refusals - 1, random)

export const serverPause = (random: () => number): ServerPause => {
  let until = -Infinity
  /** Consecutive refusals; 0 once the server has answered. */
  let refusals = 0
  return {
    until: () => until,
    isRefused: () => refusals > 0,
    refused: (asked, now) => {
      // Requests that were in flight together are refused together, so they count as one refusal.
      if (now >= until) refusals += 1
      until = Math.max(until, now + pauseAfter(asked, refusals, random))
    },
    answered: now => {
      if (refusals === 0 || now < until) return false
      refusals = 0
      return true
    },
  }
}
