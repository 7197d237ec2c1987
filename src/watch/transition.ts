import * as E from '../failure/either'
import { expired, type Failure } from '../failure/failure'
import type { PushIgnored, SourceFailed } from './event'
import { inCircumstances, rescheduled, type Rules, type Transition } from './watchState'

// What happens to a watch besides answers: starts, pauses, sleep, its end.

/** A request starts. */
export const started: Transition = (watch, now) => {
  const attempts = watch.attempts + 1
  return {
    watch: { ...watch, attempts, askedAt: now },
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
    return { watch: { ...rescheduled(watch, dueAt), overtime }, events: [{ _tag: 'Resumed' }] }
  }

/** The most, in ms, by which polls are spread when a machine wakes. */
const spread = 5_000

/** A timer that comes late again within this time, in ms, is throttled, as in a hidden page. */
const throttlingNoticed = 180_000

/**
 * The timer of an attempt came much too late. The machine slept, so the attempt is put off by a random
 * wait; or the host throttles timers: then the next timer would be late too, and the attempt starts.
 */
export const overslept =
  (random: () => number): Transition =>
  (watch, now) => {
    const dueAt = now < watch.throttledUntil ? watch.dueAt : Math.round(now + spread * random())
    return {
      watch: { ...rescheduled(watch, dueAt), throttledUntil: now + throttlingNoticed },
      events: [],
    }
  }

/** Pushes can be relied on. The wait that goes on is not changed. */
export const reliedOn: Transition = watch => ({
  watch: { ...watch, isAlive: true },
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
    const soonest = scheduledAt > now ? scheduledAt : now + spread * random()
    const earlier = Math.max(notBefore, Math.min(dueAt, Math.round(soonest)))
    return { watch: { ...rescheduled(watch, earlier), isAlive: false }, events: [] }
  }

/** `poll$` requests a poll. It starts at once, or when the server allows it. */
export const pollRequested: Transition = (watch, now) => ({
  watch: rescheduled(watch, Math.min(watch.dueAt, Math.max(now, watch.notBefore))),
  events: [],
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

/** One of the caller's sources ended with an error. */
export const sourceFailed =
  (source: SourceFailed['source']): Transition =>
  watch => ({ watch, events: [{ _tag: 'SourceFailed', source }] })
