import { defer, type MonoTypeOperatorFunction } from 'rxjs'
import type { Either } from 'fp-ts/Either'
import type { Answer } from '../api/answer'
import { refName, type UploadRef } from '../api/uploadRef'
import type { RequestBudget } from '../budget/requestBudget'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'
import type { LiveWatch } from './liveWatch'

// What a watch has to do with its budget, where it has one.

/** Subscribes to an attempt when the budget admits it; without a budget at once. */
export const admittedBy =
  <A>(budget: RequestBudget | undefined, watch: LiveWatch): MonoTypeOperatorFunction<A> =>
  attempt$ =>
    budget === undefined
      ? attempt$
      : defer(() => budget.admit(attempt$, watch.elapsed() - watch.state().askedAt))

/** Lets a budget learn from the answer to an attempt, or from the failure to get one. */
export const teach =
  (budget: RequestBudget | undefined, ref: UploadRef) =>
  (answer: Either<Failure, Answer>): void => {
    if (E.isLeft(answer)) budget?.unanswered?.(answer.left, refName(ref))
    // An earlier answer, repeated: nothing was sent.
    else if (answer.right.key !== 'refusedBefore') budget?.learn(answer.right)
  }
