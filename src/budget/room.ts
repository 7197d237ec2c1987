import type { Answer } from '../api/answer'
import { rateLimitOf } from '../api/rateLimit'
import { retryAfter } from '../api/retryAfter'
import type { Failure } from '../failure/failure'
import type { BudgetSettings } from './budgetOptions'
import { outageDetector } from './outage'
import { serverPause } from './serverPause'
import { slidingWindow } from './slidingWindow'
import { teamLimit } from './teamLimit'
import { teamQuota, type OwnRequests } from './teamQuota'
import { tokenBucket } from './tokenBucket'

/** Decides whether another request may start: by rate, by the server's limits, and by outages. */
export interface Room {
  /** Updates the time-dependent state. Call it before any other change. */
  readonly advance: (now: number, queued: number) => void
  /** Milliseconds until the next request may start; 0 means now, Infinity when another one ends. */
  readonly wait: (now: number, queued: number) => number
  readonly started: (request: object) => void
  readonly ended: (request: object, now: number) => void
  /** Call with every answer: it may state the team's limit, or be a refusal. */
  readonly learn: (answer: Answer, now: number, queued: number) => void
  /** Call with the failure of a request that got no answer. */
  readonly unanswered: (failure: Failure, upload: string, now: number) => void
  /** The number of requests in flight. */
  readonly running: () => number
  /** The most requests per minute, by the limits known now. */
  readonly perMinute: (now: number) => number
  /** Milliseconds for which all requests wait, because the server refused or is unreachable. */
  readonly pausedFor: (now: number) => number
}

type RoomSettings = Omit<BudgetSettings, 'on' | 'clock'>

const minute = 60_000

/**
 * After a general pause the queue is admitted evenly over this many ms, so that it does not flood a
 * server that has just recovered; but never slower than `slowestReturn` per minute.
 */
const returnTime = 5_000
const slowestReturn = 600

/** @param now the time at creation, before any request */
export const createRoom = (
  { perMinute, burst, inFlight, headroom, earliest, random }: RoomSettings,
  now: number,
): Room => {
  const window = slidingWindow()
  const outage = outageDetector(random)
  const limit = teamLimit(perMinute, headroom)
  const quota = teamQuota(headroom)
  const pause = serverPause(random)
  let started = 0
  let running = 0
  /** The only request that may run while the server refuses or is unreachable. */
  let probe: object | null = null
  /** The requests per minute after a general pause, and the end of that limit. */
  let returnRate = Infinity
  let returnsUntil = -Infinity

  /** With `earliest` there are no quiet periods, so a burst would only cause a gap later. */
  const burstPart = earliest === undefined ? 6 : 60
  const maxBurst = (): number =>
    Math.min(burst ?? Math.ceil(limit.perMinute() / burstPart), limit.perMinute())
  const bucket = tokenBucket(maxBurst(), now)

  const own = (now: number): OwnRequests => {
    const counted = window.count(now)
    return { started, running, counted, expiresAt: window.roomAt(counted) }
  }

  /** Starts per millisecond. */
  const rateAt = (now: number): number => {
    const returning = now < returnsUntil ? returnRate : Infinity
    return Math.min(limit.perMinute(), quota.perMinute(own(now), now), returning) / minute
  }

  /** The time at which few enough requests count that another one may start. */
  const roomAt = (now: number): number =>
    Math.max(window.roomAt(limit.perMinute() - running), quota.roomAt(own(now), now))

  const advance = (now: number, queued: number): void => {
    limit.forget(now)
    // Read before the window drops expired requests, because it then forgets since when there is room.
    const savesFrom = queued > 0 ? Infinity : roomAt(now)
    bucket.refill(now, rateAt(now), maxBurst(), savesFrom)
    window.count(now)
  }

  const isProbing = (): boolean => pause.isRefused() || outage.isOut()

  /** After a general pause, admits the queued requests evenly. */
  const spreadReturn = (now: number, queued: number): void => {
    bucket.empty(now)
    returnRate = Math.max(slowestReturn, (queued * minute) / returnTime)
    returnsUntil = now + returnTime
  }

  const learnLimit = (answer: Answer, now: number): void => {
    const learned = rateLimitOf(answer)
    if (learned === null) return
    if (learned.perMinute !== null) limit.learn(learned.perMinute, now)
    for (const each of learned.windows) quota.learn(each, learned.perMinute, own(now), now)
  }

  return {
    advance,
    wait: (now, queued) => {
      advance(now, queued)
      if (running >= inFlight || (isProbing() && probe !== null)) return Infinity
      const from = Math.max(pause.until(), outage.probeAt(), roomAt(now))
      const wait = Math.max(0, from - now, bucket.untilToken(rateAt(now)))
      // At least a millisecond, because some clocks do not advance in smaller steps.
      return Math.ceil(Math.min(wait, limit.expiresAt() - now))
    },
    started: request => {
      bucket.take()
      started += 1
      running += 1
      if (isProbing()) probe = request
    },
    ended: (request, now) => {
      if (request === probe) probe = null
      running -= 1
      window.add(1, now + minute)
    },
    learn: (answer, now, queued) => {
      advance(now, queued)
      if (outage.answered(now)) spreadReturn(now, queued)
      if (answer.status === 429) pause.refused(retryAfter(answer), now)
      else if (pause.answered(now)) spreadReturn(now, queued)
      learnLimit(answer, now)
    },
    unanswered: outage.unanswered,
    running: () => running,
    perMinute: now => {
      limit.forget(now)
      return limit.perMinute()
    },
    pausedFor: now => Math.max(0, pause.until() - now, outage.probeAt() - now),
  }
}
