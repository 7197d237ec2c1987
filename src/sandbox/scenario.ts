import type { Fault } from './fault'
import type { WholeAnswer } from './wholeAnswer'

/** When a scripted answer is given, and how often. */
export interface Staging {
  /** Milliseconds before the first byte, or before the fault. @default 0 */
  readonly delay?: number | undefined
  /** How many polls in a row are answered with it. @default 1 */
  readonly times?: number | undefined
}

/** One answer of a scenario: plain data that survives JSON, told apart by `kind`. */
export type ScriptedAnswer = (WholeAnswer | Fault) & Staging

/**
 * The exact answers to the polls of one upload. The last one repeats.
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
 * The same answer, `delay` milliseconds later.
 *
 * @example
 * delayed(3_000, processing())
 */
export const delayed = <A extends ScriptedAnswer>(delay: number, answer: A): A & Staging => ({
  ...answer,
  delay,
})

/**
 * The same answer to that many polls in a row.
 *
 * @example
 * times(3, reset())
 */
export const times = <A extends ScriptedAnswer>(polls: number, answer: A): A & Staging => ({
  ...answer,
  times: polls,
})

/** The answer to the n-th poll, counted from 1. */
export const answerAt = (scenario: Scenario, poll: number): ScriptedAnswer => {
  let answer: ScriptedAnswer = scenario[0]
  let covered = 0
  for (const next of scenario) {
    answer = next
    covered += next.times ?? 1
    if (poll <= covered) break
  }
  return answer
}

/** How many polls hear every answer of a scenario once. */
export const scenarioLength = (scenario: Scenario): number =>
  scenario.reduce((polls, answer) => polls + (answer.times ?? 1), 0)
