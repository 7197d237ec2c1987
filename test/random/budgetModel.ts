/** A budget as docs/protocol.md and its own description have it. */
export interface BudgetModel {
  readonly requestStarted: () => void
  readonly requestEnded: () => void
  /** One of those who share it got a 429. */
  readonly throttled: (retryAfter: number) => void
}

const minute = 60_000

/** @param violates is called with a law that is broken */
export const budgetModel = (
  { perMinute, inFlight }: { readonly perMinute: number; readonly inFlight: number },
  clock: () => number,
  violates: (law: string) => void,
): BudgetModel => {
  const endedAt: number[] = []
  let running = 0
  let notBefore = -Infinity
  return {
    requestStarted: () => {
      const taken = running + endedAt.filter(at => at > clock() - minute).length
      if (running >= inFlight) violates('so many requests of a budget are in flight, no more')
      if (taken >= perMinute) violates('so many requests of a budget start in a minute, no more')
      if (clock() < notBefore) violates('all who share a budget wait for a 429')
      running += 1
    },
    requestEnded: () => {
      running -= 1
      endedAt.push(clock())
    },
    throttled: retryAfter => {
      notBefore = Math.max(notBefore, clock() + retryAfter)
    },
  }
}
