import type { Queue } from 'bullmq'
import type { Answer } from '../api/answer'
import { rateLimitOf } from '../api/rateLimit'
import { retryAfter } from '../api/retryAfter'
import { backoff } from '../runtime/backoff'

/** What a job may do at its start. */
export interface Turn {
  /** Milliseconds until the requests of all go on; 0 is now. */
  readonly wait: number
  /** Whether this request alone may run, to see if the server answers again. */
  readonly isProbe: boolean
}

/** The budget of all workers. It is kept in the limiter of BullMQ, so that all of them obey it. */
export interface TeamBudget {
  /** Sets the limits, unless the requests of all are paused now. */
  readonly open: () => Promise<void>
  /** Asks at the start of a job. */
  readonly turn: () => Promise<Turn>
  /** Learns from the answer to a request. */
  readonly learn: (answer: Answer, turn: Turn) => Promise<void>
}

interface TeamBudgetOptions {
  readonly perMinute: number
  readonly headroom: number
  readonly inFlight: number
  readonly random: () => number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const minute = 60_000

/** After a `429` without a `Retry-After`, in ms. */
const pause = { base: 1_000, cap: minute }

/** The server's limit is forgotten if no answer repeats it for this long, in ms. */
const limitLifetime = 300_000

/**
 * Milliseconds between the starts of two jobs. They are spaced, because a limiter with a window lets
 * twice its limit through at the turn of two windows.
 */
export const spacingOf = (perMinute: number, headroom: number): number =>
  Math.ceil(minute / (perMinute * (1 - headroom)))

/**
 * One job starts every `60000 / limit` ms, over all workers. A `429` pauses all of them for as long as
 * it asks. Then the team may have one request in flight: the probe. Its answer lets the others go on,
 * one by one.
 */
export const teamBudget = (queue: Queue, options: TeamBudgetOptions): TeamBudget => {
  const { perMinute, headroom, inFlight, random, now } = options
  let limit = perMinute
  let limitLapsesAt = Infinity
  let spacing = spacingOf(limit, headroom)
  let throttles = 0

  const setLimit = async (next: number): Promise<void> => {
    limit = next
    spacing = spacingOf(limit, headroom)
    await queue.setGlobalRateLimit(1, spacing)
  }

  /** Milliseconds until a pause is over. The limiter also counts down the space between two jobs. */
  const pausedFor = async (): Promise<number> => {
    const ttl = await queue.getRateLimitTtl(1)
    return ttl > spacing ? ttl : 0
  }

  /** Two workers may pause at once: a shorter pause must not replace a longer one. */
  const pauseAll = async (ms: number): Promise<void> => {
    const wanted = Math.ceil(ms)
    if ((await queue.getRateLimitTtl(1)) < wanted) await queue.rateLimit(wanted)
  }

  const refused = async (answer: Answer): Promise<void> => {
    throttles += 1
    await queue.setGlobalConcurrency(1)
    await pauseAll(retryAfter(answer) ?? pause.base + backoff(pause, throttles - 1, random))
  }

  const learnLimit = async (answer: Answer): Promise<void> => {
    const learned = rateLimitOf(answer)
    const stated = learned?.perMinute ?? null
    if (stated !== null) limitLapsesAt = now() + limitLifetime
    const next =
      stated !== null ? Math.min(perMinute, stated) : now() < limitLapsesAt ? limit : perMinute
    if (next !== limit) await setLimit(next)
    // The last request of the window: nothing more until it turns.
    const spent = (learned?.windows ?? []).filter(({ remaining }) => remaining === 0)
    if (spent.length > 0) await pauseAll(Math.max(...spent.map(({ resetIn }) => resetIn)))
  }

  return {
    open: async () => {
      await setLimit(perMinute)
      // A team that probes now goes on to do so.
      if ((await queue.getGlobalConcurrency()) !== 1) await queue.setGlobalConcurrency(inFlight)
    },
    turn: async () => {
      const [wait, concurrency] = await Promise.all([pausedFor(), queue.getGlobalConcurrency()])
      return { wait, isProbe: concurrency === 1 && wait === 0 }
    },
    learn: async (answer, { isProbe }) => {
      if (answer.status === 429) await refused(answer)
      else {
        throttles = 0
        if (isProbe && (await pausedFor()) === 0) await queue.setGlobalConcurrency(inFlight)
      }
      await learnLimit(answer)
    },
  }
}
