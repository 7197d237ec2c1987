import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { isConnectionUrl } from '../../bullmq/connectionUrl'
import { describeQueueFailure, queueFailureOf } from '../../bullmq/queueFailure'
import { sanitize } from '../display/text'
import { codeOf, messageOf } from './errors'
import { installCommand, type Host } from './host'
import type { OptionType } from './optionValues'

/** The module of the queue, loaded when a command needs it. */
export type Bullmq = typeof import('../../bullmq')

/** The URL of a Redis. It is never shown, because it may contain a password. */
export const redisUrl: OptionType<string> = {
  expected: 'a URL like redis://127.0.0.1:6379, or rediss://… with TLS',
  wrongNumber: 'a number',
  parse: text => (/^rediss?:\/\/[^\s]+$/.test(text) && isConnectionUrl(text) ? text : null),
}

/** The packages that `--redis` needs. */
export const bullmqPackages = ['bullmq', 'ioredis'] as const

/** Loads BullMQ and its client, which are not dependencies of this package. */
export const loadBullmq = async (host: Host): Promise<Either<string, Bullmq>> => {
  try {
    const [bullmq] = await Promise.all([import('../../bullmq'), import('ioredis')])
    return E.right(bullmq)
  } catch (error) {
    if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    return E.left(`--redis needs two more packages: ${installCommand(host, ...bullmqPackages)}`)
  }
}

/** Describes a queue error in one line. Shows only the code, because a Redis message may contain a password. */
export const describeQueueError = (error: unknown): string => {
  const failure = queueFailureOf(error)
  return failure._tag === 'Unavailable' && failure.code === 'UNKNOWN'
    ? sanitize(messageOf(error))
    : describeQueueFailure(failure)
}
