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

// What a watch has to do with its budget, where it has one.

/** The next attempt of a watch, as a budget orders its queue by it. */
export const polledUpload = (
  ref: ExpectedUpload,
  { attempts, knownAt }: Watch,
  age: number,
): PolledUpload => ({ ref, age, knownAge: knownAt, attempt: attempts + 1 })

/** Subscribes to an attempt when the budget admits it; without a budget at once. */
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
          return budget.admit(attempt$, age - state.askedAt, polledUpload(ref, state, age))
        })

/** Lets a budget learn from the answer to an attempt, or from the failure to get one. */
export const teach =
  (budget: RequestBudget | undefined, ref: UploadRef) =>
  (answer: Either<Failure, Answer>): void => {
    if (E.isLeft(answer)) budget?.unanswered?.(answer.left, refName(ref))
    // An earlier answer, repeated: nothing was sent.
    else if (answer.right.key !== 'refusedBefore') budget?.learn(answer.right)
  }

/** Lets a budget learn from a status how long uploads take. */
export const teachDuration = (
  budget: RequestBudget | undefined,
  ref: ExpectedUpload,
  { askedAt, attempts, knownAt }: Watch,
  { status }: Received,
  now: number,
): void => {
  if (budget?.polled === undefined || E.isLeft(status)) return
  // An end came before the answer. An upload that goes on did so when the request started.
  const age = isTerminal(status.right) ? now : askedAt
  budget.polled({ ref, age, knownAge: knownAt, attempt: attempts }, status.right)
}
