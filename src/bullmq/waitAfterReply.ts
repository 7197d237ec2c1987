import type { Worker } from 'bullmq'

/**
 * Makes a worker wait after an error of Redis, such as `OOM` or `NOPERM`, as it does for a rate limit.
 * BullMQ takes the next job immediately, so without this it would send thousands of commands a second
 * and report an error for each.
 *
 * @param ms milliseconds
 * @see https://github.com/OptimalBits/bull/issues/1304
 */
export const waitAfterReply = (worker: Worker, { name }: Error, ms: number): void => {
  if (name === 'ReplyError') Object.assign(worker, { limitUntil: Date.now() + ms })
}
