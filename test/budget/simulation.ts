import fc from 'fast-check'
import { defer, EMPTY, finalize, mergeMap, NEVER, type Observable, throwError, timer } from 'rxjs'
import type { BudgetOptions } from '../../src/budget/budgetOptions'
import { marbles } from '../marbles'
import { minute, wholeBudget, send } from './budgets'

/** A request to a budget, and its subscriber. */
interface Job {
  /** When the slot is requested, in milliseconds. */
  readonly at: number
  /** How long the request takes; 0 is synchronous, Infinity never ends. */
  readonly takes: number
  /** When its subscriber unsubscribes, in the queue or in flight; Infinity never does. */
  readonly leaves: number
  readonly fails: boolean
}

/** A request and its outcome. */
interface Run extends Job {
  readonly started: number
  readonly ended: number
}

const request$ = ({ takes, fails }: Job): Observable<unknown> => {
  const end$ = fails ? throwError(() => new Error('reset')) : EMPTY
  if (takes === Infinity) return NEVER
  return takes === 0 ? end$ : timer(takes).pipe(mergeMap(() => end$))
}

/** Runs all requests. Returns their outcomes in the order of subscription. */
export const simulate = (
  options: BudgetOptions,
  jobs: readonly Job[],
): { readonly runs: readonly Run[]; readonly starts: readonly Run[]; readonly last: number } => {
  const inOrder = [...jobs].sort((a, b) => a.at - b.at)
  const runs = inOrder.map(job => ({ ...job, started: Infinity, ended: Infinity }))
  const starts: Run[] = []
  const last = marbles(({ at, clock }) => {
    const budget = wholeBudget({ ...options, clock })
    for (const run of runs) {
      const made$ = defer(() => {
        run.started = clock()
        starts.push(run)
        return request$(run).pipe(
          finalize(() => {
            run.ended = clock()
          }),
        )
      })
      at(run.at, () => {
        const sending = send(budget.admit(made$))
        if (run.leaves === Infinity) return
        const leaving = at(run.leaves, () => {
          sending.unsubscribe()
        })
        sending.add(leaving)
      })
    }
  })
  return { runs, starts, last }
}

export const budgets = fc.record({
  perMinute: fc.integer({ min: 1, max: 6 }),
  burst: fc.integer({ min: 1, max: 8 }),
  inFlight: fc.integer({ min: 1, max: 4 }),
})

export const jobs = fc.array(
  fc
    .record({
      at: fc.nat(2 * minute),
      takes: fc.oneof(fc.constantFrom(0, Infinity), fc.nat(1_000), fc.nat(90_000)),
      stays: fc.oneof(fc.constant(Infinity), fc.nat(4 * minute)),
      fails: fc.boolean(),
    })
    .map(({ at, takes, stays, fails }): Job => {
      // A request that never ends is unsubscribed at some time.
      const leaves = at + (takes === Infinity && stays === Infinity ? minute : stays)
      return { at, takes, leaves, fails }
    }),
  { maxLength: 25 },
)

/** Queues that many requests at once. Returns when each started. */
export const startsOf = (
  options: Omit<BudgetOptions, 'clock'>,
  many: number,
  takes = 0,
): readonly number[] =>
  simulate(
    options,
    Array.from({ length: many }, () => ({ at: 0, takes, leaves: Infinity, fails: false })),
  ).runs.map(run => run.started)
