import { parseArgs } from 'node:util'
import type { Either } from 'fp-ts/Either'
import { sequenceS } from 'fp-ts/lib/Apply.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { sandboxDefaults, sandboxDurations } from '../../sandbox/options'
import { perMinute, share, wholeNumber } from '../amount'
import { duration } from '../display/format'
import { readFlag } from './optionValues'

/** The arguments of `sandbox`, parsed. Durations are milliseconds. */
export interface SandboxCommand {
  readonly kind: 'sandbox'
  readonly port: number
  readonly seed: number
  readonly failureRate: number
  /** Null is no limit. */
  readonly perMinute: number | null
  readonly pending: number
  readonly processing: number
  readonly keyFile: string | undefined
}

const options = {
  port: { type: 'string' },
  'rate-limit': { type: 'string' },
  'failure-rate': { type: 'string' },
  pending: { type: 'string' },
  processing: { type: 'string' },
  seed: { type: 'string' },
  'key-file': { type: 'string' },
} as const

export const sandboxFlags: readonly string[] = Object.keys(options).map(name => `--${name}`)

/** Reads what follows `sandbox`; throws what `parseArgs` throws. */
export const sandboxArguments = (args: readonly string[]): Either<string, SandboxCommand> => {
  const { values } = parseArgs({ args: [...args], options })
  const { port, seed, failureRate } = sandboxDefaults
  const { pending, processing } = sandboxDurations
  return pipe(
    sequenceS(E.Apply)({
      port: readFlag('--port', values.port, wholeNumber, port),
      seed: readFlag('--seed', values.seed, wholeNumber, seed),
      failureRate: readFlag('--failure-rate', values['failure-rate'], share, failureRate),
      perMinute: readFlag('--rate-limit', values['rate-limit'], perMinute, null),
      pending: readFlag('--pending', values.pending, duration, pending),
      processing: readFlag('--processing', values.processing, duration, processing),
    }),
    E.map(read => ({ kind: 'sandbox', ...read, keyFile: values['key-file'] })),
  )
}
