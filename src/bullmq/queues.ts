import { Queue, type ConnectionOptions, type DefaultJobOptions } from 'bullmq'
import { isRecord } from '../api/parseJson'
import type { UploadRef } from '../api/uploadRef'
import { closeQuietly } from './closeQuietly'
import { decodeEnd, jobId, type EndedWatch } from './jobs'

/** The location of the queue in Redis. */
export interface QueuePlace {
  /**
   * Options of ioredis, such as `{ url: 'redis://127.0.0.1:6379' }`, or an ioredis client. `close` does
   * not close a client. For a worker it needs `maxRetriesPerRequest: null`.
   */
  readonly connection: ConnectionOptions
  /**
   * The name of the queue in Redis, without a colon. The queue and its workers must use the same name.
   *
   * @default 'upload-status'
   */
  readonly name?: string | undefined
  /**
   * The prefix of all keys in Redis.
   *
   * @default 'bull'
   */
  readonly prefix?: string | undefined
}

/** The location of the queue, with its defaults. */
export type CheckedPlace = {
  readonly [Key in keyof QueuePlace]-?: NonNullable<QueuePlace[Key]>
}

/** The three queues in Redis. */
export interface Queues {
  /** One job per upload, rate-limited by the budget of the team. */
  readonly watches: Queue
  /** One job per end, for `onSettled`. */
  readonly settled: Queue
  /** The latest end of each upload until its retention is over, and the deadlines. No rate limit. */
  readonly ends: Queue
  /** Resolves with the latest remembered end of an upload. */
  readonly endOf: (ref: UploadRef) => Promise<EndedWatch | null>
  readonly close: () => Promise<void>
}

/** The names of the three queues. */
export const queueNames = (name: string) => ({
  watches: name,
  settled: `${name}-settled`,
  ends: `${name}-ends`,
})

/** A job is retried any number of times, so that no watch is lost. Each job has a copy, so it is short. */
const unlimited = 999_999

/** The events that Redis keeps for readers: those of 5 s at 5,000 polls per minute. A poll has about 5. */
export const maxEvents = 2_000

/** Milliseconds between attempts to reconnect. */
const retryStrategy = (): number => 1_000

/** Milliseconds after which a connection that Redis does not close is closed. */
const disconnectTimeout = 500

const isClient = (connection: ConnectionOptions): boolean =>
  isRecord(connection) && typeof Reflect.get(connection, 'duplicate') === 'function'

/**
 * After a failover an open connection may lead to a replica. The error is returned, and the connection is
 * opened again, because the address may lead to the new primary.
 */
const reconnectOnError = ({ message }: Error): boolean => message.includes('READONLY')

const withOptions = (
  connection: ConnectionOptions,
  defaults: object,
  fixed: { readonly maxRetriesPerRequest: number | null },
): ConnectionOptions =>
  isClient(connection)
    ? connection
    : Object.assign(
        { reconnectOnError, retryStrategy, disconnectTimeout },
        defaults,
        connection,
        fixed,
      )

/** Options for a connection whose commands fail soon instead of waiting for Redis. */
const failFast = (connection: ConnectionOptions): ConnectionOptions =>
  withOptions(connection, { connectTimeout: 5_000 }, { maxRetriesPerRequest: 1 })

/** Options for a connection whose commands wait for Redis. */
export const patient = (connection: ConnectionOptions): ConnectionOptions =>
  withOptions(connection, {}, { maxRetriesPerRequest: null })

/** Opens the three queues. `onError` receives the errors of their connections. */
export const openQueues = (
  { connection, name, prefix }: CheckedPlace,
  onError: (error: unknown) => void,
): Queues => {
  const names = queueNames(name)
  const open = (name: string, maxLen: number, options: DefaultJobOptions): Queue => {
    const queue = new Queue(name, {
      connection: failFast(connection),
      prefix,
      streams: { events: { maxLen } },
      defaultJobOptions: { attempts: unlimited, ...options },
    })
    queue.on('error', onError)
    return queue
  }
  // Each job has a copy of its options. There are many watches, so workers decide for them.
  const watches = open(names.watches, maxEvents, {})
  // Nobody reads its events.
  const settled = open(names.settled, 1, {})
  const ends = open(names.ends, maxEvents, {
    backoff: { type: 'fixed', delay: 1_000 },
    removeOnComplete: true,
  })
  return {
    watches,
    settled,
    ends,
    endOf: async ref => {
      const job = await ends.getJob(jobId(ref))
      return job === undefined ? null : decodeEnd(job.data)
    },
    close: async () => {
      await Promise.all([watches, settled, ends].map(queue => closeQuietly(queue, connection)))
    },
  }
}
