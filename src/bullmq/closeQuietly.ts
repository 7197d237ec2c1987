import type { Queue, QueueEvents, Worker } from 'bullmq'
import { EventEmitter } from 'node:events'

/**
 * Closes connections to Redis. BullMQ 5 emits the error of a connection that could not be opened after it
 * has removed all listeners, which would end the process.
 */
export const closeQuietly = async (owner: Queue | QueueEvents | Worker): Promise<void> => {
  const closed = owner.close()
  for (const name of ['connection', 'blockingConnection']) {
    const connection: unknown = Reflect.get(owner, name)
    if (connection instanceof EventEmitter) connection.on('error', () => undefined)
  }
  await closed
}
