import { Observable, Subscription } from 'rxjs'
import { after } from './after'
import type { Answer } from './answer'
import { backoff } from './backoff'
import { longestTimer, monotonic, type Clock } from './clock'
import { rateLimitOf } from './rateLimit'
import { retryAfter } from './retryAfter'

/** Admits requests: shared by every watch that is given it. */
export interface RequestBudget {
  /**
   * The request, once there is room for it; it holds a place until it ends. Unsubscribing leaves
   * the queue, or ends the request.
   */
  readonly admit: <A>(request$: Observable<A>) => Observable<A>
  /** Told of every answer: learns the team's real limit from it, and pauses after a `429`. */
  readonly learn: (answer: Answer) => void
}

/** How many requests a budget admits. */
export interface BudgetOptions {
  /** Requests per minute, of all who use the team's keys here. */
  readonly perMinute: number
  /**
   * Requests that may start at once; beyond it they are spread evenly over the minute.
   *
   * @default perMinute
   */
  readonly burst?: number
  /**
   * Requests that may run at the same time.
   *
   * @default 32
   */
  readonly inFlight?: number
  /** Milliseconds that only go forward, for tests. @default performance.now */
  readonly clock?: Clock
  /** Numbers from 0 up to 1, for tests. @default Math.random */
  readonly random?: () => number
}

const minute = 60_000

/** After a `429` without a `Retry-After`. */
const pause = { base: 1_000, cap: minute }

/**
 * A budget of requests, shared by every watch that is given it: in any minute, as the server counts
 * them too, no more than `perMinute` of them, and never more than `inFlight` at a time. Retries
 * count. Who waits longest comes first.
 *
 * A place is taken from the start of a request until a minute after its end, because the server may
 * count it at any moment between. A stricter limit in an answer is adopted; a `429` stops all
 * who share the budget for as long as it asks.
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
    burst = perMinute,
    inFlight = 32,
    clock = monotonic,
    random = Math.random,
  } = options
  for (const [name, value] of Object.entries({ perMinute, burst, inFlight }))
    if (!(Number.isInteger(value) && value >= 1 && value <= longestTimer))
      throw new RangeError(`${name} must be a whole number from 1 up`)

  const queue = new Set<() => void>()
  /** When the taken places are free again, earliest first. */
  const taken: { readonly until: number; readonly places: number }[] = []
  let placesTaken = 0
  let running = 0
  let limit = perMinute
  let notBefore = -Infinity
  let throttles = 0
  /** Starts saved up, as of `savedAt`. */
  let saved = burst
  let savedAt = clock()
  let waiting = Subscription.EMPTY

  const take = (until: number, places = 1): void => {
    const earlier = taken.filter(each => each.until <= until).length
    taken.splice(earlier, 0, { until, places })
    placesTaken += places
  }

  /** Milliseconds until so many of the taken places are free again. */
  const untilFree = (places: number, now: number): number => {
    let freed = 0
    const last = taken.find(each => (freed += each.places) >= places)
    return last === undefined ? Infinity : last.until - now
  }

  /** Milliseconds until the next request may start; 0 is now, Infinity when another one ends. */
  const untilRoom = (now: number): number => {
    while (taken[0] !== undefined && taken[0].until <= now) {
      placesTaken -= taken[0].places
      taken.shift()
    }
    saved = Math.min(burst, saved + ((now - savedAt) * limit) / minute)
    savedAt = now
    if (running >= inFlight) return Infinity
    const free = limit - running - placesTaken
    const turn = free > 0 ? 0 : untilFree(1 - free, now)
    const earned = saved >= 1 ? 0 : ((1 - saved) * minute) / limit
    // Whole milliseconds: less than that, and a clock might not move at all.
    return Math.ceil(Math.max(0, notBefore - now, turn, earned))
  }

  // A request that ends at once frees its place in the midst of this: the loop goes on, no deeper.
  let isAdmitting = false
  const admitNext = (): void => {
    if (isAdmitting) return
    isAdmitting = true
    waiting.unsubscribe()
    for (const start of queue) {
      const wait = untilRoom(clock())
      if (wait > 0) {
        waiting = after(wait, admitNext)
        break
      }
      queue.delete(start)
      saved -= 1
      running += 1
      start()
    }
    isAdmitting = false
  }

  const admit: RequestBudget['admit'] = <A>(request$: Observable<A>) =>
    new Observable<A>(subscriber => {
      const start = (): void => {
        subscriber.add(request$.subscribe(subscriber))
        subscriber.add(() => {
          running -= 1
          take(clock() + minute)
          admitNext()
        })
      }
      queue.add(start)
      subscriber.add(() => {
        queue.delete(start)
        if (queue.size === 0) waiting.unsubscribe()
      })
      admitNext()
    })

  return {
    admit,
    learn: answer => {
      const now = clock()
      if (answer.status === 429) {
        const asked = retryAfter(answer)
        notBefore = Math.max(
          notBefore,
          now + (asked === null ? pause.base + backoff(pause, throttles, random) : asked),
        )
        throttles += 1
      } else throttles = 0
      const learned = rateLimitOf(answer)
      if (learned === null) return
      limit = Math.min(perMinute, learned.limit)
      // The last one of the window: nothing more until it turns.
      if (learned.remaining === 0) notBefore = Math.max(notBefore, now + learned.resetIn)
      // Places that others took: the server knows of them, this budget does not.
      const unknown = limit - running - placesTaken - learned.remaining
      if (unknown > 0) take(now + learned.resetIn, unknown)
    },
  }
}
