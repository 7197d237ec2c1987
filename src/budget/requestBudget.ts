import { Observable, Subscription } from 'rxjs'
import type { Answer } from '../api/answer'
import { rateLimitOf } from '../api/rateLimit'
import { retryAfter } from '../api/retryAfter'
import type { UploadStatus } from '../api/status'
import type { Failure } from '../failure/failure'
import { steadyClock } from '../runtime/steadyClock'
import { after } from '../runtime/wait'
import { budgetSettingsOf, type BudgetOptions } from './budgetOptions'
import { arrivals } from './arrivals'
import { forecast } from './forecast'
import { outageDetector } from './outage'
import type { PolledUpload } from './polledUpload'
import { QueuedRequest, type Queued } from './queuedRequest'
import { requestQueue } from './requestQueue'
import { saturation, type BudgetLoad } from './saturation'
import { serverPause } from './serverPause'
import { slidingWindow } from './slidingWindow'
import { teamLimit } from './teamLimit'
import { teamQuota, type OwnRequests } from './teamQuota'
import { tokenBucket } from './tokenBucket'

/** Admits requests: shared by every watch that is given it. */
export interface RequestBudget {
  /**
   * Makes the request when there is room for it. Unsubscribing removes it from the queue, or ends
   * it.
   *
   * @param overdue milliseconds since the request was due; it may be negative. Default: 0
   * @param upload the upload that it is for. The request that is worth most is admitted first; one
   * without an upload is worth the time that it is overdue
   */
  readonly admit: <A>(
    request$: Observable<A>,
    overdue?: number,
    upload?: PolledUpload,
  ) => Observable<A>
  /** Receives every answer: learns the team's real limit from it, and pauses after a `429`. */
  readonly learn: (answer: Answer) => void
  /**
   * Receives the failure of every request that got no answer, and the upload that it was for. A
   * budget that has it can stop all requests while the host cannot be reached.
   */
  readonly unanswered?: ((failure: Failure, upload: string) => void) | undefined
  /** Receives the status that each poll was answered with: learns how long uploads take. */
  readonly polled?: ((upload: PolledUpload, status: UploadStatus) => void) | undefined
  /**
   * Milliseconds after an answer from which an upload may be polled again, if that is before its
   * `schedule` says so.
   */
  readonly earliest?: number | undefined
  /** How busy it is now. */
  readonly load: () => BudgetLoad
}

const minute = 60_000

/**
 * After a pause of all, the queue is admitted evenly over this many ms, so that a server that has
 * just returned is not flooded. Slower than `slowestReturn` a minute it need not be.
 */
const returnTime = 5_000
const slowestReturn = 600

/**
 * A budget of requests, shared by every watch that is given it: in any minute, as the server counts
 * them too, no more than `perMinute` of them, and never more than `inFlight` at a time. Retries
 * count.
 *
 * - While requests wait, the poll that is worth most is admitted first: where an end is likely, and
 *   has been for long. The budget learns how long uploads take from the polls that it admits. None
 *   starves: while n requests wait, at most 7 n others are admitted before any of them.
 * - A request counts from its start until a minute after its end, because the server may count it at
 *   any moment between.
 * - Once requests queue, they start evenly: no burst is saved up while any waits, or while the
 *   minute is spent.
 * - A stricter limit in an answer is adopted, less `headroom`, for 5 minutes after the last answer
 *   that repeats it.
 * - A `429` stops all who share the budget for as long as it asks. If the host cannot be reached,
 *   that stops them too. Then one request at a time probes, and after an answer the others follow
 *   evenly. A request that waits meanwhile spends no retry.
 *
 * @throws TypeError or RangeError that names the option
 *
 * @example
 * const budget = requestBudget({ perMinute: 60 })
 * const both$ = merge(
 *   uploadStatus$('acct_1', 'ofapi_media_1', { budget }),
 *   uploadStatus$('acct_1', 'ofapi_media_2', { budget }),
 * )
 */
export const requestBudget = (options: BudgetOptions): RequestBudget => {
  const {
    perMinute,
    burst,
    inFlight,
    headroom,
    earliest,
    on,
    clock: time,
    random,
  } = budgetSettingsOf(options)

  const durations = forecast()
  const arrived = arrivals()
  const queue = requestQueue<Queued>(durations.worth)
  /** A clock that is broken ends all that wait by it. */
  const clock = steadyClock(time, defect => {
    for (let next = queue.some(); next !== undefined; next = queue.some()) {
      queue.remove(next)
      next.fail(defect)
    }
  })
  const window = slidingWindow()
  const outage = outageDetector(random)
  const limit = teamLimit(perMinute, headroom)
  const quota = teamQuota(headroom)
  const pause = serverPause(random)
  let started = 0
  let running = 0
  /** The one request that may run while the server refuses, or cannot be reached. */
  let probe: Queued | null = null
  /** Requests per minute after a pause of all, and until when. */
  let returnRate = Infinity
  let returnsUntil = -Infinity
  let timer = Subscription.EMPTY
  let timerWait = Infinity

  /** With `earliest` there is no quiet time to save up in: a burst would only leave a gap later. */
  const burstPart = earliest === undefined ? 6 : 60
  const mostSaved = (): number =>
    Math.min(burst ?? Math.ceil(limit.perMinute() / burstPart), limit.perMinute())
  const bucket = tokenBucket(mostSaved(), clock())

  const own = (now: number): OwnRequests => {
    const counted = window.count(now)
    return { started, running, counted, expiresAt: window.roomAt(counted) }
  }

  /** Starts per millisecond. */
  const rateAt = (now: number): number => {
    const returning = now < returnsUntil ? returnRate : Infinity
    return Math.min(limit.perMinute(), quota.perMinute(own(now), now), returning) / minute
  }

  /** When so few requests count that one more may start. */
  const roomAt = (now: number): number =>
    Math.max(window.roomAt(limit.perMinute() - running), quota.roomAt(own(now), now))

  /** Brings all that changes with time up to date, before anything else changes. */
  const advance = (now: number): void => {
    limit.forget(now)
    const savesFrom = queue.size() > 0 ? Infinity : roomAt(now)
    bucket.refill(now, rateAt(now), mostSaved(), savesFrom)
    window.count(now)
  }

  /** Milliseconds until the next request may start; 0 is now, Infinity when another one ends. */
  const untilRoom = (now: number): number => {
    advance(now)
    const isProbing = pause.isRefused() || outage.isOut()
    if (running >= inFlight || (isProbing && probe !== null)) return Infinity
    const from = Math.max(pause.until(), outage.probeAt(), roomAt(now))
    const wait = Math.max(0, from - now, bucket.untilToken(rateAt(now)))
    // Whole milliseconds: less than that, and a clock might not move at all.
    return Math.ceil(Math.min(wait, limit.lapsesAt() - now))
  }

  const load = (): Required<BudgetLoad> => {
    const now = clock()
    limit.forget(now)
    const size = queue.size()
    const rate = limit.perMinute()
    const pausedFor = Math.max(0, pause.until() - now, outage.probeAt() - now)
    const wait = size === 0 ? 0 : Math.ceil(pausedFor + (size * minute) / rate)
    return {
      queue: size,
      wait,
      rate,
      lateness: Math.round(Math.max(durations.lateness(), wait / 2)),
      growth: Math.max(0, Math.round(arrived.perMinute(now) - rate)),
    }
  }

  const report = saturation(load, on)

  const wait = (ms: number): void => {
    timer.unsubscribe()
    timerWait = ms
    timer = after(ms, admitNext)
  }

  // A request that ends at once makes room in the midst of this: the loop goes on, no deeper.
  let isAdmitting = false
  const admitNext = (): void => {
    if (isAdmitting) return
    isAdmitting = true
    wait(Infinity)
    while (queue.size() > 0) {
      const ms = untilRoom(clock())
      if (ms > 0) {
        wait(ms)
        break
      }
      const next = queue.take(clock())
      if (next === undefined) break
      bucket.take()
      started += 1
      running += 1
      if (pause.isRefused() || outage.isOut()) probe = next
      next.start()
    }
    isAdmitting = false
    report(queue.size())
  }

  const release = (request: Queued): void => {
    // The clock is broken: it left the queue before.
    if (request.state === 'queued' && request.place < 0) return
    const now = clock()
    if (request.state === 'queued') {
      advance(now)
      queue.remove(request)
      if (queue.size() > 0) return
      wait(Infinity)
      report(queue.size())
      return
    }
    if (request === probe) probe = null
    running -= 1
    window.add(1, now + minute)
    // Those who leave together would make room for one another; and requests that are made
    // together take less CPU than those that are made one by one.
    if (request.state === 'ended' && running <= inFlight / 2) admitNext()
    else if (queue.size() > 0 && timerWait > 0 && !isAdmitting) wait(0)
  }

  const admit: RequestBudget['admit'] = (request$, overdue = 0, upload) =>
    new Observable(subscriber => {
      if (subscriber.closed) return
      const now = clock()
      advance(now)
      if (upload?.attempt === 1) arrived.add(now)
      queue.add(new QueuedRequest(subscriber, request$, now, overdue, upload, release))
      admitNext()
    })

  /** After a pause of all, those that wait are admitted evenly. */
  const spreadReturn = (now: number): void => {
    bucket.empty(now)
    returnRate = Math.max(slowestReturn, (queue.size() * minute) / returnTime)
    returnsUntil = now + returnTime
  }

  const learnLimit = (answer: Answer, now: number): void => {
    const learned = rateLimitOf(answer)
    if (learned === null) return
    if (learned.perMinute !== null) limit.learn(learned.perMinute, now)
    for (const each of learned.windows) quota.learn(each, learned.perMinute, own(now), now)
  }

  return {
    admit,
    learn: answer => {
      const now = clock()
      advance(now)
      if (outage.answered(now)) spreadReturn(now)
      if (answer.status === 429) pause.refused(retryAfter(answer), now)
      else if (pause.answered(now)) spreadReturn(now)
      learnLimit(answer, now)
    },
    unanswered: (failure, upload) => {
      outage.unanswered(failure, upload, clock())
    },
    polled: durations.polled,
    earliest,
    load,
  }
}
