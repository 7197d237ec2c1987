import * as E from '../failure/either'
import { expired, type Failure } from '../failure/failure'
import type { PushIgnored, SourceFailed } from './event'
import { inCircumstances, rescheduled, type Rules, type Transition } from './watchState'

// The transitions that are not answers: starts, pauses, sleep, the end.

/** A request started. */
export const started: Transition = (watch, now) => {
  const attempts = watch.attempts + 1
  return {
    watch: { ...watch, attempts, askedAt: now },
    events: [{ _tag: 'AttemptStarted', attempt: attempts, late: Math.max(0, now - watch.dueAt) }],
  }
}

export const paused: Transition = watch => ({ watch, events: [{ _tag: 'Paused' }] })

/** The extra time, in ms, of a watch whose deadline passed during a pause: enough for a poll. */
const overtimeAfterPause = 60_000

/** The minimum time, in ms, between an attempt that a pause stopped and the next one. */
const minGap = 1_000

/** The time, in ms, over which the polls after a pause are spread. */
const returnSpread = 2_000

/**
 * A pause ended. An overdue poll starts within the wait of the schedule, and within 2 s. If the pause
 * stopped an attempt, the next one starts no earlier than the schedule allows after it.
 */
export const resumed =
  ({ deadline, random }: Pick<Rules, 'deadline' | 'random'>): Transition =>
  (watch, now) => {
    const { askedAt, attempts, notBefore, polls, wait } = watch
    const wasStopped = attempts > 0 && askedAt >= watch.dueAt
    const gap = polls === 0 ? minGap : wait
    const earliest = Math.max(notBefore, wasStopped ? askedAt + gap : watch.dueAt)
    const dueAt =
      earliest > now ? earliest : Math.round(now + Math.min(wait, returnSpread) * random())
    const overtime = now < deadline ? 0 : dueAt + overtimeAfterPause
    return { watch: { ...rescheduled(watch, dueAt), overtime }, events: [{ _tag: 'Resumed' }] }
  }

/** The time, in ms, over which polls are spread after the machine wakes. */
const wakeSpread = 5_000

/** If another timer is late within this time, in ms, the host throttles timers, as in a hidden page. */
const throttlingNoticed = 180_000

/**
 * The timer of an attempt fired far too late. If the machine slept, the attempt is delayed by a random
 * wait. If the host throttles timers, the attempt starts, because the next timer would also be late.
 */
export const timerFiredLate =
  (random: () => number): Transition =>
  (watch, now) => {
    const dueAt = now < watch.throttledUntil ? watch.dueAt : Math.round(now + wakeSpread * random())
    return {
      watch: { ...rescheduled(watch, dueAt), throttledUntil: now + throttlingNoticed },
      events: [],
    }
  }

/** Pushes became reliable. The current wait does not change. */
export const pushesReliable: Transition = watch => ({
  watch: { ...watch, isAlive: true },
  events: [],
})

/**
 * Pushes became unreliable. The next attempt moves to the time that `schedule` planned, if that is
 * earlier. If that time has passed, it starts within 5 s, so that not all watches poll together.
 */
export const pushesUnreliable =
  (random: () => number): Transition =>
  (watch, now) => {
    const { dueAt, notBefore, scheduledAt } = watch
    const soonest = scheduledAt > now ? scheduledAt : now + wakeSpread * random()
    const earlier = Math.max(notBefore, Math.min(dueAt, Math.round(soonest)))
    return { watch: { ...rescheduled(watch, earlier), isAlive: false }, events: [] }
  }

/** `poll$` requested a poll. It starts immediately, or as soon as the server allows it. */
export const pollRequested: Transition = (watch, now) => ({
  watch: rescheduled(watch, Math.min(watch.dueAt, Math.max(now, watch.notBefore))),
  events: [],
})

/** Ends the watch with a failure. */
export const failedWith =
  (failure: Failure): Transition =>
  (watch, now) => ({
    watch,
    value: E.left(inCircumstances(failure, watch, now)),
    events: [],
  })

/** Ends the watch because its deadline has passed. */
export const deadlinePassed =
  (deadline: number): Transition =>
  (watch, now) =>
    failedWith(expired(deadline, watch.lastFailure))(watch, now)

/** A push for this upload was malformed. */
export const ignoredPush =
  (event: PushIgnored): Transition =>
  watch => ({ watch, events: [event] })

/** One of the caller's observables errored. */
export const sourceFailed =
  (source: SourceFailed['source']): Transition =>
  watch => ({ watch, events: [{ _tag: 'SourceFailed', source }] })
