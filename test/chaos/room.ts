import { setTimeout } from 'node:timers/promises'
import { EMPTY, Observable } from 'rxjs'
import { right } from 'fp-ts/lib/Either.js'
import { requestBudget, type RequestBudget } from 'rx-upload-status'

/** A budget, and what a chaos run does to it between the rounds. */
export interface TestedBudget {
  readonly budget: RequestBudget
  /** Advances the clock by a minute, so that the window of the budget is empty. */
  readonly passMinute: () => void
  /** Whether all its slots are free, which means that it admits `inFlight` requests. */
  readonly isFree: () => Promise<boolean>
}

const inFlight = 24

/** Milliseconds. */
const patience = 2_000

export const testedBudget = (): TestedBudget => {
  let ahead = 0
  const budget = requestBudget({
    perMinute: 100_000,
    inFlight,
    clock: () => performance.now() + ahead,
  })
  const passMinute = (): void => {
    ahead += 60_000
    budget.admit(EMPTY).subscribe()
  }
  return {
    budget,
    passMinute,
    isFree: async () => {
      // A good answer ends the pause after a 429, and the slow start that follows it.
      passMinute()
      budget.learn({ status: 200, header: () => null, body: right(null), receivedAt: Date.now() })
      passMinute()
      let started = 0
      const request$ = new Observable<never>(() => {
        started += 1
      })
      const requests = Array.from({ length: inFlight }, () => budget.admit(request$).subscribe())
      const since = performance.now()
      while (started < inFlight && performance.now() - since < patience) await setTimeout(10)
      for (const request of requests) request.unsubscribe()
      passMinute()
      return started === inFlight && budget.load().queue === 0
    },
  }
}
