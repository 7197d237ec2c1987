import type { Either } from 'fp-ts/Either'
import type { UploadStatus } from '../api/status'
import type { Expired, Failure } from '../failure/failure'
import type { RequestBudget } from '../budget/requestBudget'
import type { Happening } from './event'
import { noStreak, type RetryPolicy, type Streak } from './retry'
import type { Schedule } from './schedule'

/** The state of a watch. Times are in milliseconds since its start. */
export interface Watch {
  readonly attempts: number
  /** The start of the last attempt. */
  readonly askedAt: number
  /** The start of the last attempt that found the upload unfinished; 0 if there was none. */
  readonly knownAt: number
  readonly polls: number
  readonly streak: Streak
  readonly status: UploadStatus | null
  readonly changedAt: number
  /** The start of the next attempt. */
  readonly dueAt: number
  /** The start according to `schedule`. Earlier than `dueAt` if `safetyNet` determined that. */
  readonly scheduledAt: number
  /** The earliest start that the server allows. */
  readonly notBefore: number
  /** The failure of the last completed attempt, or null if it succeeded. */
  readonly lastFailure: Expired['lastFailure']
  /** The last wait from `schedule`, in milliseconds. */
  readonly wait: number
  /** The end of a watch whose deadline passed during a pause; otherwise 0. */
  readonly overtime: number
  /** Until this time a late timer means that the host throttles timers, not that the machine slept. */
  readonly throttledUntil: number
  /** Whether pushes are reliable, so that waits come from `safetyNet`. */
  readonly isAlive: boolean
}

/** The state before the first poll, which is due immediately. */
export const unstarted: Watch = {
  attempts: 0,
  askedAt: 0,
  knownAt: 0,
  polls: 0,
  streak: noStreak,
  status: null,
  changedAt: 0,
  dueAt: 0,
  scheduledAt: 0,
  notBefore: 0,
  lastFailure: null,
  wait: 0,
  overtime: 0,
  throttledUntil: 0,
  isAlive: false,
}

/** Moves the next attempt to another time than `schedule` planned. */
export const rescheduled = (watch: Watch, dueAt: number): Watch =>
  dueAt === watch.dueAt ? watch : { ...watch, dueAt, scheduledAt: dueAt }

/** The latest end of a watch. */
export const endOf = ({ overtime }: Watch, deadline: number): number => Math.max(deadline, overtime)

/** The result of a transition. */
export interface Step {
  readonly watch: Watch
  /** The value to emit, if any. A terminal status or a failure ends the watch. */
  readonly value?: Either<Failure, UploadStatus> | undefined
  /** The events to report. */
  readonly events: ReadonlyArray<Happening>
}

/**
 * Something that happens to a watch, as a pure function from its state to the next one. The behaviour
 * of a watch consists of transitions only.
 */
export type Transition = (watch: Watch, now: number) => Step

/** The options that transitions depend on. */
export interface Rules {
  readonly schedule: Schedule
  readonly safetyNet: Schedule
  readonly retry: RetryPolicy
  readonly deadline: number
  readonly notFoundGrace: number
  readonly onUnknownStatus: 'fail' | 'continue'
  readonly emit: 'changes' | 'every'
  readonly stalledAfter?: number | undefined
  readonly random: () => number
  /** Its `earliest` may start a poll sooner than `schedule`. */
  readonly budget?: Pick<RequestBudget, 'earliest'> | undefined
}

/** Adds the attempts, the time and the last status of a watch to a failure. */
export const inCircumstances = <F extends Failure>(
  failure: F,
  { attempts, status }: Pick<Watch, 'attempts' | 'status'>,
  now: number,
): F => ({
  ...failure,
  attempts,
  elapsed: Math.round(now),
  lastStatus: status?.status ?? null,
})

/** Reports an event before those of a transition. */
export const reported =
  (event: Happening, transition: Transition): Transition =>
  (watch, now) => {
    const step = transition(watch, now)
    return { ...step, events: [event, ...step.events] }
  }
