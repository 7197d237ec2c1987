import type { Redis } from 'ioredis'
import { randomUUID } from 'node:crypto'
import { having, members, text } from '../failure/checked'
import type { DedupStore } from '../webhook/dedupStore'

/** The Redis commands that a store needs. An ioredis client has them. */
export type DedupCommands = Pick<Redis, 'del' | 'get' | 'set'>

/** The options of {@link redisDedupStore}. */
export interface RedisDedupOptions {
  /**
   * The prefix of its keys in Redis.
   *
   * @default 'upload-status-dedup'
   */
  readonly prefix?: string | undefined
}

/** Rounds up, because Redis accepts only whole milliseconds above 0. */
const whole = (ms: number): number => Math.max(1, Math.ceil(ms))

/**
 * Creates a `store` for webhooks in several processes: each event is processed once, by one of them.
 *
 * - The claim of a process that died expires after its lease.
 * - While Redis is unavailable its methods reject, so that the webhook answers `503` and the vendor
 *   resends the delivery.
 * - In a cluster both keys of an event are in the same slot.
 *
 * @param client an ioredis client; it is not closed
 * @throws TypeError that names the invalid argument
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
  /** Identifies this process, because another one may have taken over an expired claim. */
  const owner = randomUUID()
  // Two keys, so that releasing a claim cannot delete the record of a processed event.
  const claimOf = (key: string): string => `${prefix}:{${key}}:claim`
  const doneOf = (key: string): string => `${prefix}:{${key}}:done`

  const release = async (key: string): Promise<void> => {
    if ((await client.get(claimOf(key))) === owner) await client.del(claimOf(key))
  }

  return {
    claim: async (key, leaseMs) => {
      const taken = await client.set(claimOf(key), owner, 'PX', whole(leaseMs), 'NX')
      // Checked after the claim, because the event may have been processed just before it.
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
