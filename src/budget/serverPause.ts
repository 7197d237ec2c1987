import { backoff } from '../runtime/backoff'

/** What the server said about when requests may start again. */
export interface ServerPause {
  /** No request may start before. */
  readonly until: () => number
  /** Whether the server refused a request, and has answered none since. */
  readonly isRefused: () => boolean
  /** No request may start before that time; an earlier one changes nothing. */
  readonly extend: (until: number) => void
  /** The server refused a request. `asked` is the wait that it asked for, in ms. */
  readonly refused: (asked: number | null, now: number) => void
  /** The server answered a request. Returns whether that ends a refusal. */
  readonly answered: (now: number) => boolean
}

/** After a `429` without a `Retry-After`. */
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
      // Those that were in flight together are refused together: that is one refusal.
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
