import type { Either } from 'fp-ts/Either'
import { unknownStatusOf } from '../api/decode'
import { isTerminal, type UploadStatus } from '../api/status'
import * as E from '../failure/either'
import { expired, type Expired, type Failure } from '../failure/failure'
import type { Happening, PushIgnored, SourceFailed } from './event'
import { noStreak, notEarlier, retryAfterFailure, type RetryPolicy, type Streak } from './retry'
import { waitOf, type Schedule } from './schedule'

/** What a watch knows. Times are milliseconds since its start. */
export interface Watch {
  readonly attempts: number
  /** When the last attempt started. */
  readonly askedAt: number
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

/** A watch with some members changed. Object spread would take several times as long. */
const updated = (
  watch: Watch,
  {
    attempts = watch.attempts,
    askedAt = watch.askedAt,
    polls = watch.polls,
    streak = watch.streak,
    status = watch.status,
    changedAt = watch.changedAt,
    dueAt = watch.dueAt,
    scheduledAt = dueAt === watch.dueAt ? watch.scheduledAt : dueAt,
    notBefore = watch.notBefore,
    lastFailure = watch.lastFailure,
    wait = watch.wait,
    overtime = watch.overtime,
    throttledUntil = watch.throttledUntil,
    isAlive = watch.isAlive,
  }: Partial<Watch>,
): Watch => ({
  attempts,
  askedAt,
  polls,
  streak,
  status,
  changedAt,
  dueAt,
  scheduledAt,
  notBefore,
  lastFailure,
  wait,
  overtime,
  throttledUntil,
  isAlive,
})

/** When a watch ends, at the latest. */
export const endOf = ({ overtime }: Watch, deadline: number): number => Math.max(deadline, overtime)

/** What comes of something that happens to a watch. */
export interface Step {
  readonly watch: Watch
  /** What it emits. A terminal status or a failure ends it. */
  readonly value?: Either<Failure, UploadStatus> | undefined
  /** What it tells. */
  readonly events: ReadonlyArray<Happening>
}

/**
 * Something that happens to a watch: a step from what it knows to what it knows next. Nothing here
 * waits, asks or remembers; the whole grammar of a watch is made of these.
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
  readonly random: () => number
}

/** A request starts. */
export const started: Transition = (watch, now) => {
  const attempts = watch.attempts + 1
  return {
    watch: updated(watch, { attempts, askedAt: now }),
    events: [{ _tag: 'AttemptStarted', attempt: attempts, late: Math.max(0, now - watch.dueAt) }],
  }
}

export const paused: Transition = watch => ({ watch, events: [{ _tag: 'Paused' }] })

/** How long, in ms, a watch goes on whose deadline passed during a pause: enough for a poll. */
const overtimeAfterPause = 60_000

/** The least time, in ms, between two attempts of which a pause stopped the first. */
const leastGap = 1_000

/** The most, in ms, by which the polls after a pause are spread. */
const returnSpread = 2_000

/**
 * A pause ends. The poll that was due meanwhile follows, within the wait of the schedule and 2 s. An
 * attempt that the pause stopped counts: the next one starts no sooner than the schedule would allow.
 */
export const resumed =
  ({ deadline, random }: Pick<Rules, 'deadline' | 'random'>): Transition =>
  (watch, now) => {
    const { askedAt, attempts, notBefore, polls, wait } = watch
    const wasStopped = attempts > 0 && askedAt >= watch.dueAt
    const gap = polls === 0 ? leastGap : wait
    const earliest = Math.max(notBefore, wasStopped ? askedAt + gap : watch.dueAt)
    const dueAt =
      earliest > now ? earliest : Math.round(now + Math.min(wait, returnSpread) * random())
    const overtime = now < deadline ? 0 : dueAt + overtimeAfterPause
    return { watch: updated(watch, { dueAt, overtime }), events: [{ _tag: 'Resumed' }] }
  }

/** So much, in ms, are watches spread that all come due at once when a machine wakes. */
const spread = 5_000

/** A timer that comes late again within this time, in ms, is throttled, as in a hidden page. */
const throttlingNoticed = 180_000

/**
 * The timer of an attempt came much too late. The machine slept, so the attempt is put off by a random
 * wait; or the host throttles timers: then the next timer would be late too, and the attempt starts.
 */
export const overslept =
  (random: () => number): Transition =>
  (watch, now) => ({
    watch: updated(watch, {
      dueAt: now < watch.throttledUntil ? watch.dueAt : Math.round(now + spread * random()),
      throttledUntil: now + throttlingNoticed,
    }),
    events: [],
  })

/** Pushes can be relied on. The wait that goes on is not changed. */
export const reliedOn: Transition = watch => ({
  watch: updated(watch, { isAlive: true }),
  events: [],
})

/**
 * Pushes can no longer be relied on. An attempt that `schedule` would start sooner starts then, or
 * within 5 s where that has passed, so that not all watches poll at once.
 */
export const fellBack =
  (random: () => number): Transition =>
  (watch, now) => {
    const { dueAt, notBefore, scheduledAt } = watch
    const isLater = dueAt > now && dueAt > scheduledAt
    const soonest = isLater && scheduledAt <= now ? now + spread * random() : scheduledAt
    const earlier = Math.max(notBefore, Math.min(dueAt, Math.round(soonest)))
    return {
      watch: updated(watch, { isAlive: false, dueAt: isLater ? earlier : dueAt }),
      events: [],
    }
  }

/** A poll is asked for. It starts at once, or when the server allows it. */
export const pollRequested: Transition = (watch, now) => ({
  watch: updated(watch, { dueAt: Math.min(watch.dueAt, Math.max(now, watch.notBefore)) }),
  events: [],
})

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

/** The watch ends without a status. */
export const gaveUp =
  (failure: Failure): Transition =>
  (watch, now) => ({
    watch,
    value: E.left(inCircumstances(failure, watch, now)),
    events: [],
  })

/** The deadline has passed. */
export const ranOut =
  (deadline: number): Transition =>
  (watch, now) =>
    gaveUp(expired(deadline, watch.lastFailure))(watch, now)

/** A push was of this upload, and could not be used. */
export const ignoredPush =
  (event: PushIgnored): Transition =>
  watch => ({ watch, events: [event] })

/** One of the sources that were handed in ended with an error. */
export const sourceFailed =
  (source: SourceFailed['source']): Transition =>
  watch => ({ watch, events: [{ _tag: 'SourceFailed', source }] })

/** A step after which a status is known. */
interface Learned extends Step {
  readonly known: UploadStatus
}

/** The server gave a status. */
export const learned =
  (status: UploadStatus, via: 'poll' | 'push', { emit }: Rules) =>
  (watch: Watch, now: number): Learned => {
    const known = watch.status ?? status
    const from = known.status
    const to = status.status
    const events: ReadonlyArray<Happening> = [{ _tag: 'StatusReceived', status: to, via }]
    if (rank[to] < rank[from])
      return { watch, known, events: [...events, { _tag: 'StatusRegressed', from, to }] }
    const value = E.right(status)
    if (watch.status?.status !== to)
      return { watch: updated(watch, { status, changedAt: now }), known: status, value, events }
    return { watch, known, value: emit === 'every' ? value : undefined, events }
  }

const rank = { pending: 0, processing: 1, completed: 2, failed: 2 }

/** A poll was answered. The next one follows when the schedule says, or later if the server does. */
const polled =
  (status: UploadStatus, rules: Rules, retryAfter: number | null): Transition =>
  (before, now) => {
    const step = learned(status, 'poll', rules)(before, now)
    return isTerminal(status) ? step : scheduled(step, before, now, rules, retryAfter)
  }

/** The word is not one of the four. `lastStatus` and `unchangedFor` stay what they were. */
const unknown =
  (status: string, rules: Rules, retryAfter: number | null): Transition =>
  (watch, now) => {
    const step = {
      watch,
      known: watch.status,
      events: [{ _tag: 'StatusUnknown', status }] as const,
    }
    return scheduled(step, watch, now, rules, retryAfter)
  }

/** A poll was answered, and another follows. */
const scheduled = (
  { watch, known, value, events }: Step & { readonly known: UploadStatus | null },
  before: Watch,
  now: number,
  rules: Rules,
  retryAfter: number | null,
): Step => {
  const polls = before.polls + 1
  const progress = {
    polls,
    elapsed: now,
    lastStatus: known,
    unchangedFor: now - watch.changedAt,
  }
  const { random, safetyNet, schedule } = rules
  const planned = waitOf(schedule, progress, random)
  const asked = retryAfter === null ? 0 : notEarlier(retryAfter, random)
  const usual = Math.max(planned, asked)
  const wait = watch.isAlive
    ? Math.max(waitOf(safetyNet, progress, random, 'safetyNet'), asked)
    : usual
  return {
    watch: updated(watch, {
      polls,
      streak: noStreak,
      dueAt: Math.round(now + wait),
      scheduledAt: Math.round(now + usual),
      notBefore: Math.max(watch.notBefore, Math.round(now + asked)),
      lastFailure: null,
      wait: Math.round(usual),
      overtime: 0,
    }),
    value,
    events: events.concat({ _tag: 'PollScheduled', wait, polls }),
  }
}

/** An attempt failed: another follows, or the watch ends. */
const failed =
  (failure: Failure, rules: Rules, retryAfter: number | null): Transition =>
  (watch, now) => {
    const asked = 'retryAfter' in failure ? failure.retryAfter : retryAfter
    const next = retryAfterFailure(failure, watch.streak, rules, now, asked)
    const known = inCircumstances(failure, watch, now)
    const event: Happening = { _tag: 'AttemptFailed', failure: known }
    const isTooLong = asked !== null && now + asked > rules.deadline
    if (next === null || known._tag === 'Expired' || isTooLong)
      return { watch, value: E.left(known), events: [event] }
    const { wait, streak } = next
    const dueAt = Math.round(now + wait)
    const notBefore = failure._tag === 'Throttled' || asked !== null ? dueAt : watch.notBefore
    return {
      watch: updated(watch, { streak, dueAt, notBefore, lastFailure: known, overtime: 0 }),
      events: [event, { _tag: 'RetryScheduled', wait, retries: streak.retries }],
    }
  }

/** The key was refused, but it has changed by now: the attempt is repeated once, for no retry. */
export const keyChanged =
  (failure: Failure, rules: Rules): Transition =>
  (watch, now) => {
    const { streak, notBefore } = watch
    if (streak.isRekeyed) return failed(failure, rules, null)(watch, now)
    const dueAt = Math.max(now, notBefore)
    return {
      watch: updated(watch, { streak: { ...streak, isRekeyed: true }, dueAt }),
      events: [
        { _tag: 'AttemptFailed', failure: inCircumstances(failure, watch, now) },
        { _tag: 'RetryScheduled', wait: dueAt - now, retries: streak.retries },
      ],
    }
  }

/**
 * An attempt ended.
 *
 * @param retryAfter the wait that the answer asked for, in milliseconds
 */
export const answered = (
  answer: Either<Failure, UploadStatus>,
  rules: Rules,
  retryAfter: number | null,
): Transition => {
  if (E.isRight(answer)) return polled(answer.right, rules, retryAfter)
  const word = rules.onUnknownStatus === 'continue' ? unknownStatusOf(answer.left) : null
  return word === null ? failed(answer.left, rules, retryAfter) : unknown(word, rules, retryAfter)
}

/** A transition, and before it an event that changes nothing. */
export const reported =
  (event: Happening, transition: Transition): Transition =>
  (watch, now) => {
    const step = transition(watch, now)
    return { ...step, events: [event, ...step.events] }
  }
