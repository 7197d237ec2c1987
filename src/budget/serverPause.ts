import { backoff } from '../runtime/backoff'

/** Tracks the pauses that the server requests. */
export interface ServerPause {
  /** The time before which no request may start. */
  readonly until: () => number
  /** Whether the server refused a request and has answered none since. */
  readonly isRefused: () => boolean
  /** Extends the pause to a time. An earlier time has no effect. */
  readonly extend: (until: number) => void
  /** Call when the server refused a request. `asked` is the requested wait, in ms. */
  readonly refused: (asked: number | null, now: number) => void
  /** Call when the server answered a request. Returns whether that ends a refusal. */
  readonly answered: (now: number) => boolean
}

/** The pause after a `429` without a `Retry-After`, in ms. */
const pause = { base: 1_000, cap: 60_000 }

export const serverPause = (random: () => number): ServerPause => {
  let until = -Infinity
  let refusals = 0
  let isRefused = false
  const extend = (to: number): void => {
    until = Math.max(until, to)
  }
  return {
    until: () => until,
    isRefused: () => isRefused,
    extend,
    refused: (asked, now) => {
      // Requests that were in flight together are refused together, so they count as one refusal.
      if (now >= until) refusals += 1
      extend(now + (asked ?? pause.base + backoff(pause, refusals - 1, random)))
      isRefused = true
    },
    answered: now => {
      if (!isRefused || now < until) return false
      isRefused = false
      refusals = 0
      return true
    },
  }
}
