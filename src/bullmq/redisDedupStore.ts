import type { Redis } from 'ioredis'
import { randomUUID } from 'node:crypto'
import { having, members, text } from '../failure/checked'
import type { DedupStore } from '../webhook/dedupStore'

/** The commands of Redis that a store needs. A client of ioredis has them. */
export type DedupCommands = Pick<Redis, 'del' | 'get' | 'set'>

/** How a store names its keys. */
export interface RedisDedupOptions {
  /**
   * The prefix of its keys in Redis.
   *
   * @default 'upload-status-dedup'
   */
  readonly prefix?: string | undefined
}

/** Redis takes whole milliseconds, and no 0. */
const whole = (ms: number): number => Math.max(1, Math.ceil(ms))

/**
 * The `store` of webhooks in several processes: each event is processed once, by one of them.
 *
 * - A claim whose process died lapses after its lease.
 * - While Redis is away its methods reject, so that the webhook answers `503` and the delivery comes
 *   again.
 * - A cluster keeps both keys of an event in one slot.
 *
 * @param client a client of ioredis; it is not closed
 * @throws TypeError that names what makes no sense
 *
 * @example
 * const client = new Redis('redis://127.0.0.1:6379', { maxRetriesPerRequest: 1 })
 * const webhook = createWebhook({ secrets: ['whsec_1'], store: redisDedupStore(client) })
 *
 * @see docs/queue.md
 */
export const redisDedupStore = (
  client: DedupCommands,
  options: RedisDedupOptions = {},
): DedupStore => {
  having(client, 'client', 'set', 'a client of ioredis')
  members(options, 'options', ['prefix'])
  const { prefix = 'upload-status-dedup' } = options
  text(prefix, 'prefix')
  /** A claim that lapsed may belong to another process by now. */
  const owner = randomUUID()
  // Two keys, so that giving a claim up cannot forget that the event was processed.
  const claimOf = (key: string): string => `${prefix}:{${key}}:claim`
  const doneOf = (key: string): string => `${prefix}:{${key}}:done`

  const release = async (key: string): Promise<void> => {
    if ((await client.get(claimOf(key))) === owner) await client.del(claimOf(key))
  }

  return {
    claim: async (key, leaseMs) => {
      const taken = await client.set(claimOf(key), owner, 'PX', whole(leaseMs), 'NX')
      // Only now: it may have been processed just before the claim.
      const isDone = (await client.get(doneOf(key))) !== null
      if (taken === null) return isDone ? 'done' : 'busy'
      if (!isDone) return 'claimed'
      await release(key)
      return 'done'
    },
    done: async (key, ttlMs) => {
      await client.set(doneOf(key), '1', 'PX', whole(ttlMs))
      await release(key)
    },
    release,
  }
}
