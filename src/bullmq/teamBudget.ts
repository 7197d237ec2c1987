import type { Queue } from 'bullmq'
import type { Answer } from '../api/answer'
import { rateLimitOf } from '../api/rateLimit'
import { retryAfter } from '../api/retryAfter'
import { pauseAfter } from '../budget/serverPause'
import { limitLifetime } from '../budget/teamLimit'
import { isSameLimiter, isStricter, limiterOf, type Limiter } from './limiter'

/** The permission of a job at its start. */
export interface Turn {
  /** Milliseconds until the pause of all workers is over; 0 means now. */
  readonly wait: number
  /** Whether this is the only request that may run, to probe the server. */
  readonly isProbe: boolean
  /** The limiter of the team. */
  readonly limiter: Limiter
}

/** The budget of all workers. It is stored in BullMQ's limiter, so that all of them follow it. */
export interface TeamBudget {
  /** Sets the limits, unless the team probes the server or has learned a stricter limit. */
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

/**
 * Starts jobs at an even pace across all workers: see {@link limiterOf}. A `429` pauses all of them for
 * the requested time. Then the team may have a single request in flight: the probe. After its answer the
 * others continue one by one.
 *
 * The limits are in Redis alone. BullMQ prefers the `limiter` of a worker, which would hide a limit that
 * another worker has learned. So workers have none, and read the limits at the start of each job.
 */
export const teamBudget = (queue: Queue, options: TeamBudgetOptions): TeamBudget => {
  const { perMinute, headroom, inFlight, random, now } = options
  const own = limiterOf(perMinute, headroom)
  let known = { limiter: own, expiresAt: Infinity }
  let throttles = 0

  const setLimiter = ({ max, duration }: Limiter): Promise<unknown> =>
    queue.setGlobalRateLimit(max, duration)

  /** Milliseconds until a pause is over. The limiter's TTL also covers its window. */
  const pausedFor = async ({ duration }: Limiter): Promise<number> => {
    const ttl = await queue.getRateLimitTtl(1)
    return ttl > duration ? ttl : 0
  }

  /** Pauses all workers. Two may pause at the same time, so a shorter pause must not replace a longer. */
  const pauseAll = async (ms: number): Promise<void> => {
    const wanted = Math.ceil(ms)
    if ((await queue.getRateLimitTtl(1)) < wanted) await queue.rateLimit(wanted)
  }

  const refused = async (answer: Answer): Promise<void> => {
    throttles += 1
    await queue.setGlobalConcurrency(1)
    await pauseAll(pauseAfter(retryAfter(answer), throttles, random))
  }

  const learnLimit = async (answer: Answer, { limiter }: Turn): Promise<void> => {
    const rateLimit = rateLimitOf(answer)
    const stated = rateLimit?.perMinute ?? null
    const expiresAt = now() + limitLifetime
    if (stated !== null)
      known = { limiter: limiterOf(Math.min(perMinute, stated), headroom), expiresAt }
    // Another worker has learned it.
    else if (isStricter(limiter, known.limiter)) known = { limiter, expiresAt }
    else if (now() >= known.expiresAt) known = { limiter: own, expiresAt: Infinity }
    if (!isSameLimiter(known.limiter, limiter)) await setLimiter(known.limiter)
    // The window that runs is as short as the old limiter had it.
    if (isStricter(known.limiter, limiter)) await pauseAll(known.limiter.duration)
    // A window without remaining requests pauses the team until it ends.
    const spent = (rateLimit?.windows ?? []).filter(({ remaining }) => remaining === 0)
    if (spent.length > 0) await pauseAll(Math.max(...spent.map(({ resetIn }) => resetIn)))
  }

  const open = async (): Promise<void> => {
    const { max, duration, concurrency } = await queue.getMeta()
    const isKept = max !== undefined && duration !== undefined && isStricter({ max, duration }, own)
    if (!isKept) await setLimiter(known.limiter)
    if (concurrency !== 1) await queue.setGlobalConcurrency(inFlight)
  }

  return {
    open,
    turn: async () => {
      const [ttl, { max, duration, concurrency }] = await Promise.all([
        queue.getRateLimitTtl(1),
        queue.getMeta(),
      ])
      if (max === undefined || duration === undefined) {
        // Redis has lost the limits, and may have started any number of jobs.
        await open()
        return { wait: known.limiter.duration, isProbe: false, limiter: known.limiter }
      }
      const wait = ttl > duration ? ttl : 0
      return { wait, isProbe: concurrency === 1 && wait === 0, limiter: { max, duration } }
    },
    learn: async (answer, turn) => {
      if (answer.status === 429) await refused(answer)
      else {
        throttles = 0
        if (turn.isProbe && (await pausedFor(turn.limiter)) === 0)
          await queue.setGlobalConcurrency(inFlight)
      }
      await learnLimit(answer, turn)
    },
  }
}
