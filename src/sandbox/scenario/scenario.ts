import type { CompletedAnswer, FailedAnswer, WholeAnswer } from './answers'
import type { Fault } from './faults'

/** The delay and the repetition of a scripted answer. */
export interface Staging {
  /** Milliseconds between the request and the first byte, or the fault. @default 0 */
  readonly delay?: number | undefined
  /** The number of polls in a row that get this answer. @default 1 */
  readonly times?: number | undefined
}

/** One answer of a scenario: plain data, a union on `kind`, that can be written as JSON. */
export type ScriptedAnswer = (WholeAnswer | Fault) & Staging

/**
 * The answers to the polls of one upload, in order. The last one repeats.
 *
 * ```
 * [pending(), times(2, processing()), html(502), completed()]
 *
 * poll      1        2           3         4       5          6 ...
 * answer    pending  processing  processing  502   completed  completed
 * ```
 *
 * @example
 * const bumpy: Scenario = [times(2, processing()), html(502), cut(completed()), completed()]
 */
export type Scenario = readonly [ScriptedAnswer, ...ScriptedAnswer[]]

/**
 * Delays an answer, or the push of an event, by a number of milliseconds.
 *
 * @example
 * delayed(3_000, processing())
 */
export const delayed = <A extends { readonly kind: string }>(
  delay: number,
  answer: A,
): A & Staging => ({
  ...answer,
  delay,
})

/**
 * Repeats an answer for a number of polls in a row, or a push for a number of uploads.
 *
 * @example
 * times(3, reset())
 */
export const times = <A extends { readonly kind: string }>(
  count: number,
  answer: A,
): A & Staging => ({
  ...answer,
  times: count,
})

/** Returns the answer to the n-th poll, counted from 1. */
export const answerAt = (scenario: Scenario, poll: number): ScriptedAnswer => {
  let answer: ScriptedAnswer = scenario[0]
  let answered = 0
  for (const next of scenario) {
    answer = next
    answered += next.times ?? 1
    if (poll <= answered) break
  }
  return answer
}

/** Counts the polls after which every answer of a scenario has been given. */
export const scenarioLength = (scenario: Scenario): number =>
  scenario.reduce((polls, answer) => polls + (answer.times ?? 1), 0)

/** The first answer of a scenario that ends the upload, and its poll; null if none does. */
export const firstEnd = (
  scenario: Scenario,
): { readonly answer: CompletedAnswer | FailedAnswer; readonly poll: number } | null => {
  let poll = 1
  for (const answer of scenario) {
    if (answer.kind === 'completed' || answer.kind === 'failed') return { answer, poll }
    poll += answer.times ?? 1
  }
  return null
}
