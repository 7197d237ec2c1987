import { defer, EMPTY, noop, type Observable, of, tap, type Subscription } from 'rxjs'
import type { Answer } from '../../src/api/answer'
import type { BudgetOptions } from '../../src/budget/budgetOptions'
import { requestBudget, type RequestBudget } from '../../src/budget/requestBudget'
import type { Clock } from '../../src/runtime/clock'
import { answerOf } from '../api/answerOf'
import { marbles } from '../marbles'

export const minute = 60_000

/** A budget without headroom whose burst is the whole minute. */
export const wholeBudget = (options: BudgetOptions): RequestBudget =>
  requestBudget({ burst: options.perMinute, headroom: 0, ...options })

/** Subscribes and ignores an error. */
export const send = <A>(admitted$: Observable<A>, next: (value: A) => void = noop): Subscription =>
  admitted$.subscribe({ next, error: noop })

/** A request that is answered immediately; records when it starts. */
export const recorded$ = (starts: number[], clock: Clock): Observable<never> =>
  defer(() => {
    starts.push(clock())
    return EMPTY
  })

/** An answer that states the limit of the server, with the seconds until its window resets. */
export const limits = (
  limit: number | string,
  remaining: number | string,
  reset?: number | string,
) =>
  answerOf({
    headers: {
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(remaining),
      ...(reset !== undefined && { 'ratelimit-reset': String(reset) }),
    },
  })

/** A `429`. */
export const slowDown = (retryAfter?: string): Answer =>
  answerOf({
    status: 429,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    receivedAt: Date.UTC(2026, 10, 22),
  })

/** A request that is answered immediately, with the answer that the budget receives. */
export const answered$ = (budget: RequestBudget, answer: Answer): Observable<Answer> =>
  budget.admit(of(answer).pipe(tap(budget.learn)))

/** Learns from the answers. Returns when each of the simultaneous requests starts. */
export const startsAfter = (
  answers: readonly Answer[],
  options: Omit<BudgetOptions, 'clock'>,
  many = 1,
): readonly number[] => {
  const starts: number[] = []
  marbles(({ clock }) => {
    const budget = wholeBudget({ random: () => 0.5, ...options, clock })
    for (const answer of answers) budget.learn(answer)
    for (let nth = 0; nth < many; nth += 1) send(budget.admit(recorded$(starts, clock)))
  })
  return starts
}
