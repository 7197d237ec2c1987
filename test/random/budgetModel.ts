/** A budget as docs/protocol.md and its docstring specify it. */
export interface BudgetModel {
  readonly requestStarted: () => void
  readonly requestEnded: () => void
  /** A watch of the budget received a 429. */
  readonly throttled: (retryAfter: number) => void
}

const minute = 60_000

/** @param violates receives each law that is broken */
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
      if (running >= inFlight) violates('a budget has at most its number of requests in flight')
      if (taken >= perMinute) violates('a budget starts at most its number of requests in a minute')
      if (clock() < notBefore) violates('all watches of a budget wait after a 429')
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
