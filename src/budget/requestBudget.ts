import { Observable, Subscription } from 'rxjs'
import type { Answer } from '../api/answer'
import { rateLimitOf } from '../api/rateLimit'
import { retryAfter } from '../api/retryAfter'
import type { Failure } from '../failure/failure'
import { within } from '../failure/within'
import { backoff } from '../runtime/backoff'
import { longestTimer, monotonic, type Clock } from '../runtime/clock'
import { heap } from '../runtime/heap'
import { notify } from '../runtime/notify'
import { steadyClock } from '../runtime/steadyClock'
import { after } from '../runtime/wait'
import { outageDetector } from './outage'
import { QueuedRequest, type Queued } from './queuedRequest'
import { slidingWindow } from './slidingWindow'
import { tokenBucket } from './tokenBucket'

/** Admits requests: shared by every watch that is given it. */
export interface RequestBudget {
  /**
   * Makes the request when there is room for it. Unsubscribing removes it from the queue, or ends
   * it.
   *
   * @param overdue milliseconds since the request was due; it may be negative. The longest-overdue
   * request is admitted first. Default: 0
   */
  readonly admit: <A>(request$: Observable<A>, overdue?: number) => Observable<A>
  /** Receives every answer: learns the team's real limit from it, and pauses after a `429`. */
  readonly learn: (answer: Answer) => void
  /**
   * Receives the failure of every request that got no answer, and the upload that it was for. A
   * budget that has it can stop all requests while the host cannot be reached.
   */
  readonly unanswered?: ((failure: Failure, upload: string) => void) | undefined
  /** How busy it is now. */
  readonly load: () => BudgetLoad
}

/** How busy a budget is. */
export interface BudgetLoad {
  /** Requests in the queue. */
  readonly queue: number
  /** Milliseconds, about, that the last of them has to wait; 0 if there is none. */
  readonly wait: number
  /** The most requests per minute that are admitted, by the limits known now. */
  readonly rate: number
}

/**
 * A budget became, or is no longer, saturated: more uploads are watched than it can serve, and
 * polls come later than they are due. That is so from about `rate` times the mean duration of an
 * upload, in minutes, on.
 */
export interface BudgetEvent extends BudgetLoad {
  readonly _tag: 'Saturated' | 'Relieved'
}

/** How many requests a budget admits. */
export interface BudgetOptions {
  /** Requests per minute, of all who use the team's keys here. */
  readonly perMinute: number
  /**
   * Requests that may start at once after a time with few; all others start evenly. A budget that is
   * spent all at once learns nothing for the rest of the minute. Never more than the limit allows.
   *
   * @default a sixth of perMinute, or of the server's limit where that is stricter
   */
  readonly burst?: number | undefined
  /**
   * Requests that may run at the same time.
   *
   * @default 32
   */
  readonly inFlight?: number | undefined
  /**
   * The part of the team's limit, as the server states it, that is left to the team's other calls:
   * from 0, and below 1.
   *
   * @default 0.1
   */
  readonly headroom?: number | undefined
  /** Receives when the budget becomes saturated, and when it no longer is. What it throws is ignored. */
  readonly on?: ((event: BudgetEvent) => void) | undefined
  /** Milliseconds that only go forward, for tests. @default performance.now */
  readonly clock?: Clock | undefined
  /** Numbers from 0 up to 1, for tests. @default Math.random */
  readonly random?: (() => number) | undefined
}

const minute = 60_000

/** After a `429` without a `Retry-After`. */
const pause = { base: 1_000, cap: minute }

/** A budget is saturated from the moment that a request has to wait this long, in ms. */
const longWait = 10_000

/** The server's limit is forgotten if no answer repeats it for this long, in ms. */
const limitLifetime = 300_000

/**
 * After a pause of all, the queue is admitted evenly over this many ms, so that a server that has
 * just returned is not flooded. Slower than `slowestReturn` a minute it need not be.
 */
const returnTime = 5_000
const slowestReturn = 600

/**
 * A budget of requests, shared by every watch that is given it: in any minute, as the server counts
 * them too, no more than `perMinute` of them, and never more than `inFlight` at a time. Retries
 * count. The longest-overdue request is admitted first, so that none starves.
 *
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
 * @throws RangeError that names the option
 *
 * @example
 * const budget = requestBudget({ perMinute: 60 })
 * const both$ = merge(
 *   uploadStatus$('acct_1', 'ofapi_media_1', { budget }),
 *   uploadStatus$('acct_1', 'ofapi_media_2', { budget }),
 * )
 */
export const requestBudget = (options: BudgetOptions): RequestBudget => {
  const { perMinute, burst, inFlight = 32, headroom = 0.1, on, random = Math.random } = options
  for (const [name, value] of Object.entries({
    perMinute,
    burst: burst === undefined ? 1 : burst,
    inFlight,
  }))
    if (!(Number.isInteger(value) && value >= 1 && value <= longestTimer))
      throw new RangeError(`${name} must be a whole number from 1 up`)
  within('headroom', headroom, 0, 1 - Number.EPSILON)

  const queue = heap<Queued>()
  /** A clock that is broken ends all that wait by it. */
  const clock = steadyClock(options.clock ?? monotonic, defect => {
    for (let next = queue.first(); next !== undefined; next = queue.first()) next.fail(defect)
  })
  const window = slidingWindow()
  const outage = outageDetector(random)
  let running = 0
  /** Requests per minute, and until when that is believed. */
  let limit = perMinute
  let limitLapsesAt = Infinity
  /** No request may start before: the server said so. */
  let notBefore = -Infinity
  let throttles = 0
  /** Whether the server refused a request, and has answered none since. */
  let isRefused = false
  /** The one request that may run while the server refuses, or cannot be reached. */
  let probe: Queued | null = null
  /** Requests per minute after a pause of all, and until when. */
  let returnRate = Infinity
  let returnsUntil = -Infinity
  let isSaturated = false
  let timer = Subscription.EMPTY
  let timerWait = Infinity

  const mostSaved = (): number => Math.min(burst ?? Math.ceil(limit / 6), limit)
  const bucket = tokenBucket(mostSaved(), clock())

  /** Starts per millisecond. */
  const rateAt = (now: number): number =>
    (now < returnsUntil ? Math.min(limit, returnRate) : limit) / minute

  const forgetLimit = (now: number): void => {
    if (now < limitLapsesAt) return
    limit = perMinute
    limitLapsesAt = Infinity
  }

  /** Brings all that changes with time up to date, before anything else changes. */
  const advance = (now: number): void => {
    forgetLimit(now)
    const savesFrom = queue.size() > 0 ? Infinity : window.roomAt(limit - running)
    bucket.refill(now, rateAt(now), mostSaved(), savesFrom)
    window.count(now)
  }

  /** Milliseconds until the next request may start; 0 is now, Infinity when another one ends. */
  const untilRoom = (now: number): number => {
    advance(now)
    const isProbing = isRefused || outage.isOut()
    if (running >= inFlight || (isProbing && probe !== null)) return Infinity
    const from = Math.max(notBefore, outage.probeAt(), window.roomAt(limit - running))
    const wait = Math.max(0, from - now, bucket.untilToken(rateAt(now)))
    // Whole milliseconds: less than that, and a clock might not move at all.
    return Math.ceil(Math.min(wait, limitLapsesAt - now))
  }

  const load = (): BudgetLoad => {
    const now = clock()
    forgetLimit(now)
    const size = queue.size()
    const pausedFor = Math.max(0, notBefore - now, outage.probeAt() - now)
    return {
      queue: size,
      wait: size === 0 ? 0 : Math.ceil(pausedFor + (size * minute) / limit),
      rate: limit,
    }
  }

  const report = (): void => {
    if (queue.size() === 0 && !isSaturated) return
    const now = load()
    if (isSaturated ? now.queue > 0 : now.wait <= longWait) return
    isSaturated = !isSaturated
    notify(on, { _tag: isSaturated ? 'Saturated' : 'Relieved', ...now })
  }

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
    for (let next = queue.first(); next !== undefined; next = queue.first()) {
      const ms = untilRoom(clock())
      if (ms > 0) {
        wait(ms)
        break
      }
      queue.remove(next)
      bucket.take()
      running += 1
      if (isRefused || outage.isOut()) probe = next
      next.start()
    }
    isAdmitting = false
    report()
  }

  const release = (request: Queued): void => {
    const now = clock()
    if (request.state === 'queued') {
      advance(now)
      queue.remove(request)
      if (queue.size() > 0) return
      wait(Infinity)
      report()
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

  const admit: RequestBudget['admit'] = (request$, overdue = 0) =>
    new Observable(subscriber => {
      if (subscriber.closed) return
      const now = clock()
      advance(now)
      queue.put(new QueuedRequest(subscriber, request$, release), now - overdue)
      admitNext()
    })

  /** After a pause of all, those that wait are admitted evenly. */
  const spreadReturn = (now: number): void => {
    bucket.empty(now)
    returnRate = Math.max(slowestReturn, (queue.size() * minute) / returnTime)
    returnsUntil = now + returnTime
  }

  const refused = (answer: Answer, now: number): void => {
    const asked = retryAfter(answer)
    // Those that were in flight together are refused together: that is one refusal.
    if (now >= notBefore) throttles += 1
    notBefore = Math.max(
      notBefore,
      now + (asked ?? pause.base + backoff(pause, throttles - 1, random)),
    )
    isRefused = true
  }

  /** The part of a limit that is left to this budget. */
  const ours = (whole: number): number => Math.max(1, Math.floor(whole * (1 - headroom)))

  const learnLimit = (answer: Answer, now: number): void => {
    const learned = rateLimitOf(answer)
    if (learned === null) return
    if (learned.perMinute !== null) {
      limit = Math.min(perMinute, ours(learned.perMinute))
      limitLapsesAt = limit < perMinute ? now + limitLifetime : Infinity
    }
    for (const { limit: whole, remaining, resetIn } of learned.windows) {
      // The last one of the window: nothing more until it turns.
      if (remaining === 0) notBefore = Math.max(notBefore, now + resetIn)
      // Requests of others: the server counts them, and this budget did not.
      const free = Math.max(0, remaining - Math.max(0, whole - ours(whole)))
      const unknown = limit - running - window.count(now) - free
      if (unknown > 0) window.add(unknown, now + resetIn)
    }
  }

  return {
    admit,
    learn: answer => {
      const now = clock()
      advance(now)
      if (outage.answered(now)) spreadReturn(now)
      if (answer.status === 429) refused(answer, now)
      else if (isRefused && now >= notBefore) {
        isRefused = false
        throttles = 0
        spreadReturn(now)
      }
      learnLimit(answer, now)
    },
    unanswered: (failure, upload) => {
      outage.unanswered(failure, upload, clock())
    },
    load,
  }
}
