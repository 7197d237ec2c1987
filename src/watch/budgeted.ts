import { defer, type MonoTypeOperatorFunction } from 'rxjs'
import type { Either } from 'fp-ts/Either'
import type { Answer } from '../api/answer'
import { isTerminal } from '../api/status'
import { refName, type ExpectedUpload, type UploadRef } from '../api/uploadRef'
import type { PolledUpload } from '../budget/polledUpload'
import type { RequestBudget } from '../budget/requestBudget'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'
import type { LiveWatch } from './liveWatch'
import type { Received } from './received'
import type { Watch } from './watchState'

// The interaction of a watch with its budget, if it has one.

/** Describes the next attempt of a watch, for the order of the budget's queue. */
export const polledUpload = (
  ref: ExpectedUpload,
  { attempts, knownAt }: Watch,
  age: number,
): PolledUpload => ({ ref, age, knownAge: knownAt, attempt: attempts + 1 })

/** Subscribes to an attempt when the budget admits it, or immediately without a budget. */
export const admittedBy =
  <A>(
    budget: RequestBudget | undefined,
    ref: UploadRef,
    watch: LiveWatch,
  ): MonoTypeOperatorFunction<A> =>
  attempt$ =>
    budget === undefined
      ? attempt$
      : defer(() => {
          const age = watch.elapsed()
          const state = watch.state()
          return budget.admit(attempt$, age - state.dueAt, polledUpload(ref, state, age))
        })

/** Informs a budget of the answer to an attempt, or of its failure. */
export const informBudget =
  (budget: RequestBudget | undefined, ref: UploadRef) =>
  (answer: Either<Failure, Answer>): void => {
    if (E.isLeft(answer)) budget?.unanswered?.(answer.left, refName(ref))
    // Skips a repeated earlier answer, for which nothing was sent.
    else if (answer.right.key !== 'refusedBefore') budget?.learn(answer.right)
  }

/** Informs a budget of a status, so that it can estimate how long uploads take. */
export const informBudgetOfStatus = (
  budget: RequestBudget | undefined,
  ref: ExpectedUpload,
  { askedAt, attempts, knownAt }: Watch,
  { status }: Received,
  now: number,
): void => {
  if (budget?.polled === undefined || E.isLeft(status)) return
  // A terminal status was reached before the answer; any other status, when the request started.
  const age = isTerminal(status.right) ? now : askedAt
  budget.polled({ ref, age, knownAge: knownAt, attempt: attempts }, status.right)
}
