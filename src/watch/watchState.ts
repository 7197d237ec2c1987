import type { Either } from 'fp-ts/Either'
import type { UploadStatus } from '../api/status'
import type { Expired, Failure } from '../failure/failure'
import type { RequestBudget } from '../budget/requestBudget'
import type { Happening } from './event'
import { noStreak, type RetryPolicy, type Streak } from './retry'
import type { Schedule } from './schedule'

/** What a watch knows. Times are milliseconds since its start. */
export interface Watch {
  readonly attempts: number
  /** When the last attempt started. */
  readonly askedAt: number
  /** When the last attempt started that found the upload going on; 0 if none did. */
  readonly knownAt: number
  readonly polls: number
  readonly streak: Streak
  readonly status: UploadStatus | null
  readonly changedAt: number
  /** When the next attempt is to start. */
  readonly dueAt: number
  /** When `schedule` would start it: earlier than `dueAt` after a wait of `safetyNet`. */
  readonly scheduledAt: number
  /** No attempt may start earlier: the server said so. */
  readonly notBefore: number
  /** The failure of the last attempt that ended, if it failed. */
  readonly lastFailure: Expired['lastFailure']
  /** What `schedule` gave last, in milliseconds. */
  readonly wait: number
  /** The end of a watch whose deadline passed during a pause; else 0. */
  readonly overtime: number
  /** Until then a late timer is a throttled one: the machine did not sleep. */
  readonly throttledUntil: number
  /** Whether pushes are relied on, so that waits come from `safetyNet`. */
  readonly isAlive: boolean
}

/** Before the first poll, which is due at once. */
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

/** A watch whose next attempt starts at another time, whatever `schedule` said. */
export const rescheduled = (watch: Watch, dueAt: number): Watch =>
  dueAt === watch.dueAt ? watch : { ...watch, dueAt, scheduledAt: dueAt }

/** When a watch ends, at the latest. */
export const endOf = ({ overtime }: Watch, deadline: number): number => Math.max(deadline, overtime)

/** The result of a transition. */
export interface Step {
  readonly watch: Watch
  /** What it emits. A terminal status or a failure ends it. */
  readonly value?: Either<Failure, UploadStatus> | undefined
  /** The events that it reports. */
  readonly events: ReadonlyArray<Happening>
}

/**
 * Something that happens to a watch, as a pure function from its state to the next one. The whole
 * grammar of a watch is made of these.
 */
export type Transition = (watch: Watch, now: number) => Step

/** The options that decide. */
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
  /** It may poll sooner than `schedule`. */
  readonly budget?: Pick<RequestBudget, 'earliest'> | undefined
}

/** A failure, with what is known when it happens. */
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

/** A transition, and before it an event that changes nothing. */
export const reported =
  (event: Happening, transition: Transition): Transition =>
  (watch, now) => {
    const step = transition(watch, now)
    return { ...step, events: [event, ...step.events] }
  }
