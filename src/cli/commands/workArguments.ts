import type { Either } from 'fp-ts/Either'
import { sequenceS } from 'fp-ts/lib/Apply.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { parseArgs } from 'node:util'
import { vendorUrl } from '../../api/endpoint'
import { clientRate } from '../../client'
import { parseOption, parsePath, ratePerMinute } from './optionValues'
import { redisUrl } from './redis'
import { parseBaseUrl } from './baseUrl'
import { parseTimeLimits } from './timeLimits'

/** The parsed arguments of `work`. Durations are milliseconds; undefined is the core's default. */
export interface WorkCommand {
  readonly kind: 'work'
  readonly redis: string
  readonly perMinute: number
  readonly baseUrl: string
  readonly deadline: number | undefined
  readonly attemptTimeout: number | undefined
  readonly notFoundGrace: number | undefined
  readonly keyFile: string | undefined
}

const options = {
  redis: { type: 'string' },
  rate: { type: 'string' },
  'base-url': { type: 'string', default: vendorUrl },
  deadline: { type: 'string' },
  'attempt-timeout': { type: 'string' },
  'not-found-grace': { type: 'string' },
  'key-file': { type: 'string' },
} as const

export const workFlags: readonly string[] = Object.keys(options).map(name => `--${name}`)

/** Parses the arguments after `work`. Throws what `parseArgs` throws. */
export const parseWorkArguments = (args: readonly string[]): Either<string, WorkCommand> => {
  const { values } = parseArgs({ args: [...args], options })
  return pipe(
    sequenceS(E.Apply)({
      redis: pipe(
        parseOption('--redis', values.redis, redisUrl, null),
        E.filterOrElseW(
          url => url !== null,
          () => '--redis is missing: give the URL of the Redis that holds the queue',
        ),
      ),
      perMinute: parseOption('--rate', values.rate, ratePerMinute, clientRate),
      baseUrl: parseBaseUrl(values['base-url']),
      ...parseTimeLimits(values),
      keyFile: parsePath('--key-file', values['key-file']),
    }),
    E.map(parsed => ({ kind: 'work', ...parsed })),
  )
}
