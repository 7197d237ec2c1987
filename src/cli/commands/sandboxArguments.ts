import type { Either } from 'fp-ts/Either'
import { sequenceS } from 'fp-ts/lib/Apply.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { parseArgs } from 'node:util'
import { framings } from '../../sandbox/http/framing'
import { parseWebhookUrl, webhookUrlRule } from '../../sandbox/http/webhookUrl'
import {
  sandboxDefaults,
  sandboxDurations,
  type SandboxOptions,
} from '../../sandbox/sandboxOptions'
import {
  count,
  duration,
  fraction,
  parseOption,
  parsePath,
  rateTo,
  wholeNumber,
  type OptionType,
} from './optionValues'

/** The parsed arguments of `sandbox`. Durations are milliseconds. */
export interface SandboxCommand {
  readonly kind: 'sandbox'
  readonly port: number
  readonly seed: number
  readonly failureRate: number
  /** Null is no limit. */
  readonly perMinute: number | null
  /** How the limit is counted, and how long a lockout is; null is none. */
  readonly window: 'fixed' | 'sliding'
  readonly lockout: number | null
  readonly credits: number
  readonly framing: NonNullable<SandboxOptions['framing']>
  readonly pending: number
  readonly processing: number
  readonly keyFile: string | undefined
  /** The address that the events of uploads are sent to. */
  readonly webhook: string | undefined
  readonly secretFile: string | undefined
}

const port: OptionType<number> = {
  expected: 'a whole number from 0 to 65535',
  wrongNumber: 'another number',
  parse: text => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null),
}

/** The values of `--framing`. */
export const framingNames = [...framings, 'mixed'] as const

const framing: OptionType<SandboxCommand['framing']> = {
  expected: `one of ${framingNames.join(', ')}`,
  wrongNumber: 'a number',
  parse: text => framingNames.find(name => name === text) ?? null,
}

/** The URL of a webhook. It is never shown, because it may contain a token. */
const httpUrl: OptionType<string> = {
  expected: webhookUrlRule,
  wrongNumber: 'a number',
  parse: parseWebhookUrl,
}

const window: OptionType<SandboxCommand['window']> = {
  expected: 'fixed or sliding',
  wrongNumber: 'a number',
  parse: text => (['fixed', 'sliding'] as const).find(name => name === text) ?? null,
}

const options = {
  port: { type: 'string' },
  'rate-limit': { type: 'string' },
  window: { type: 'string' },
  lockout: { type: 'string' },
  credits: { type: 'string' },
  framing: { type: 'string' },
  'failure-rate': { type: 'string' },
  pending: { type: 'string' },
  processing: { type: 'string' },
  seed: { type: 'string' },
  'key-file': { type: 'string' },
  webhook: { type: 'string' },
  'secret-file': { type: 'string' },
} as const

export const sandboxFlags: readonly string[] = Object.keys(options).map(name => `--${name}`)

/** Parses the arguments after `sandbox`. Throws what `parseArgs` throws. */
export const parseSandboxArguments = (args: readonly string[]): Either<string, SandboxCommand> => {
  const { values } = parseArgs({ args: [...args], options })
  const { webhook, 'secret-file': secretFile } = values
  if (secretFile !== undefined && webhook === undefined)
    return E.left('--secret-file needs --webhook URL')
  if (values['rate-limit'] === undefined && (values.window ?? values.lockout) !== undefined)
    return E.left(
      `--${values.window === undefined ? 'lockout' : 'window'} needs --rate-limit N/min`,
    )
  const { seed, failureRate, credits } = sandboxDefaults
  const { pending, processing } = sandboxDurations
  return pipe(
    sequenceS(E.Apply)({
      port: parseOption('--port', values.port, port, sandboxDefaults.port),
      seed: parseOption('--seed', values.seed, wholeNumber, seed),
      failureRate: parseOption('--failure-rate', values['failure-rate'], fraction, failureRate),
      perMinute: parseOption('--rate-limit', values['rate-limit'], rateTo(100_000), null),
      window: parseOption('--window', values.window, window, 'fixed' as const),
      lockout: parseOption('--lockout', values.lockout, duration, null),
      credits: parseOption('--credits', values.credits, count, credits),
      framing: parseOption('--framing', values.framing, framing, sandboxDefaults.framing),
      pending: parseOption('--pending', values.pending, duration, pending),
      processing: parseOption('--processing', values.processing, duration, processing),
      keyFile: parsePath('--key-file', values['key-file']),
      webhook: parseOption('--webhook', webhook, httpUrl, undefined),
      secretFile: parsePath('--secret-file', secretFile),
    }),
    E.map(parsed => ({ kind: 'sandbox', ...parsed })),
  )
}
