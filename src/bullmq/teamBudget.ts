import type { Queue } from 'bullmq'
import type { Answer } from '../api/answer'
import { rateLimitOf } from '../api/rateLimit'
import { retryAfter } from '../api/retryAfter'
import { backoff } from '../runtime/backoff'

/** The permission of a job at its start. */
export interface Turn {
  /** Milliseconds until the pause of all workers is over; 0 means now. */
  readonly wait: number
  /** Whether this is the only request that may run, to probe the server. */
  readonly isProbe: boolean
}

/** The budget of all workers. It is stored in BullMQ's limiter, so that all of them follow it. */
export interface TeamBudget {
  /** Sets the limits, except while the team probes the server. */
  readonly open: () => Promise<void>
  /** Call at the start of a job. */
  readonly turn: () => Promise<Turn>
  /** Adapts the budget to the answer to a request. */
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

/** The pause after a `429` without a `Retry-After`, in ms. */
const pause = { base: 1_000, cap: minute }

/** The server's limit expires if no answer repeats it for this long, in ms. */
const limitLifetime = 300_000

/**
 * Milliseconds between the starts of two jobs. They are spaced evenly, because a limiter with a window
 * admits up to twice its limit around the boundary of two windows.
 */
export const spacingOf = (perMinute: number, headroom: number): number =>
  Math.ceil(minute / (perMinute * (1 - headroom)))

/**
 * Starts one job every `60000 / limit` ms across all workers. A `429` pauses all of them for the
 * requested time. Then the team may have a single request in flight: the probe. After its answer the
 * others continue one by one.
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

  /** Milliseconds until a pause is over. The limiter's TTL also covers the spacing of two jobs. */
  const pausedFor = async (): Promise<number> => {
    const ttl = await queue.getRateLimitTtl(1)
    return ttl > spacing ? ttl : 0
  }

  /** Pauses all workers. Two may pause at the same time, so a shorter pause must not replace a longer. */
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
    const rateLimit = rateLimitOf(answer)
    const stated = rateLimit?.perMinute ?? null
    if (stated !== null) limitLapsesAt = now() + limitLifetime
    const next =
      stated !== null ? Math.min(perMinute, stated) : now() < limitLapsesAt ? limit : perMinute
    if (next !== limit) await setLimit(next)
    // A window without remaining requests pauses the team until it ends.
    const spent = (rateLimit?.windows ?? []).filter(({ remaining }) => remaining === 0)
    if (spent.length > 0) await pauseAll(Math.max(...spent.map(({ resetIn }) => resetIn)))
  }

  return {
    open: async () => {
      await setLimit(perMinute)
      // A team that is probing keeps its limit of one request.
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
