import { Observable, Subscription } from 'rxjs'
import { tell } from '../model/tell'
import { after } from './after'
import type { Answer } from './answer'
import { backoff } from './backoff'
import { longestTimer, monotonic, type Clock } from './clock'
import { heap } from './heap'
import { Place, type Waiting } from './place'
import { rateLimitOf } from './rateLimit'
import { retryAfter } from './retryAfter'
import { takenPlaces } from './takenPlaces'
import { within } from './within'

/** Admits requests: shared by every watch that is given it. */
export interface RequestBudget {
  /**
   * The request, once there is room for it; it holds a place until it ends. Unsubscribing leaves
   * the queue, or ends the request.
   *
   * @param overdue for how long, in ms, it should have been made by now; who is overdue the longest
   * comes first. It may be negative. Default: 0
   */
  readonly admit: <A>(request$: Observable<A>, overdue?: number) => Observable<A>
  /** Told of every answer: learns the team's real limit from it, and pauses after a `429`. */
  readonly learn: (answer: Answer) => void
  /** How busy it is now. */
  readonly load: () => BudgetLoad
}

/** How busy a budget is. */
export interface BudgetLoad {
  /** Requests that wait. */
  readonly queue: number
  /** About how long, in ms, the last of them has to wait; 0 where none does. */
  readonly wait: number
  /** Requests per minute that are admitted at most, by all that is known. */
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
   * Requests that may start at once; beyond it they are spread evenly over the minute. A budget
   * that is spent all at once learns nothing for the rest of the minute.
   *
   * @default a sixth of perMinute
   */
  readonly burst?: number
  /**
   * Requests that may run at the same time.
   *
   * @default 32
   */
  readonly inFlight?: number
  /**
   * The part of the team's limit, as the server tells it, that is left to the team's other calls:
   * from 0, and below 1.
   *
   * @default 0.1
   */
  readonly headroom?: number
  /** Told when the budget becomes saturated, and when it no longer is. What it throws is ignored. */
  readonly on?: (event: BudgetEvent) => void
  /** Milliseconds that only go forward, for tests. @default performance.now */
  readonly clock?: Clock
  /** Numbers from 0 up to 1, for tests. @default Math.random */
  readonly random?: () => number
}

const minute = 60_000

/** After a `429` without a `Retry-After`. */
const pause = { base: 1_000, cap: minute }

/** A budget is saturated from the moment that a request has to wait so long, in ms. */
const longWait = 10_000

/**
 * A budget of requests, shared by every watch that is given it: in any minute, as the server counts
 * them too, no more than `perMinute` of them, and never more than `inFlight` at a time. Retries
 * count. Who is overdue the longest comes first, so that nobody starves.
 *
 * - A place is taken from the start of a request until a minute after its end, because the server
 *   may count it at any moment between.
 * - A stricter limit in an answer is adopted, less `headroom`.
 * - A `429` stops all who share the budget for as long as it asks. Then one request is made, and
 *   when it was answered the others follow, spread evenly.
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
  const {
    perMinute,
    burst = Math.ceil(perMinute / 6),
    inFlight = 32,
    headroom = 0.1,
    on,
    clock = monotonic,
    random = Math.random,
  } = options
  for (const [name, value] of Object.entries({ perMinute, burst, inFlight }))
    if (!(Number.isInteger(value) && value >= 1 && value <= longestTimer))
      throw new RangeError(`${name} must be a whole number from 1 up`)
  within('headroom', headroom, 0, 1 - Number.EPSILON)

  const queue = heap<Waiting>()
  const places = takenPlaces()
  let running = 0
  let limit = perMinute
  let notBefore = -Infinity
  let throttles = 0
  /** Whether the server refused a request, and none was answered since. */
  let isRefused = false
  let isSaturated = false
  /** Starts saved up, as of `savedAt`. */
  let saved = burst
  let savedAt = clock()
  let waiting = Subscription.EMPTY
  /** For how long, in ms, since it began. */
  let waitsFor = Infinity

  /** Milliseconds until the next request may start; 0 is now, Infinity when another one ends. */
  const untilRoom = (now: number): number => {
    saved = Math.min(burst, saved + ((now - savedAt) * limit) / minute)
    savedAt = now
    if (running >= (isRefused ? 1 : inFlight)) return Infinity
    const taken = running + places.taken(now)
    const turn = taken < limit ? 0 : places.untilFree(taken - limit + 1, now)
    const earned = saved >= 1 ? 0 : ((1 - saved) * minute) / limit
    // Whole milliseconds: less than that, and a clock might not move at all.
    return Math.ceil(Math.max(0, notBefore - now, turn, earned))
  }

  const load = (): BudgetLoad => {
    const size = queue.size()
    const pausedFor = Math.max(0, notBefore - clock())
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
    tell(on, { _tag: isSaturated ? 'Saturated' : 'Relieved', ...now })
  }

  const wait = (ms: number): void => {
    waiting.unsubscribe()
    waitsFor = ms
    waiting = after(ms, admitNext)
  }

  // A request that ends at once frees its place in the midst of this: the loop goes on, no deeper.
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
      saved -= 1
      running += 1
      next.start()
    }
    isAdmitting = false
    report()
  }

  const left = (place: Waiting): void => {
    if (place.state === 'waiting') {
      queue.remove(place)
      if (queue.size() > 0) return
      wait(Infinity)
      report()
      return
    }
    running -= 1
    places.take(1, clock() + minute)
    // Those who leave together would make room for one another; and requests that are made
    // together take less CPU than those that are made one by one.
    if (place.state === 'ended' && running <= inFlight / 2) admitNext()
    else if (queue.size() > 0 && waitsFor > 0 && !isAdmitting) wait(0)
  }

  const admit: RequestBudget['admit'] = (request$, overdue = 0) =>
    new Observable(subscriber => {
      queue.put(new Place(subscriber, request$, left), clock() - overdue)
      admitNext()
    })

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

  const learn: RequestBudget['learn'] = answer => {
    const now = clock()
    if (answer.status === 429) refused(answer, now)
    else if (isRefused && now >= notBefore) {
      // The others follow at an even pace.
      isRefused = false
      throttles = 0
      saved = 0
      savedAt = now
    }
    const learned = rateLimitOf(answer)
    if (learned === null) return
    const ours = Math.max(1, Math.floor(learned.limit * (1 - headroom)))
    limit = Math.min(perMinute, ours)
    // The last one of the window: nothing more until it turns.
    if (learned.remaining === 0) notBefore = Math.max(notBefore, now + learned.resetIn)
    // Places that others took: the server knows of them, this budget does not.
    const free = Math.max(0, learned.remaining - (learned.limit - ours))
    const unknown = limit - running - places.taken(now) - free
    if (unknown > 0) places.take(unknown, now + learned.resetIn)
  }

  return { admit, learn, load }
}
