import { parseArgs } from 'node:util'
import type { Either } from 'fp-ts/Either'
import { sequenceS } from 'fp-ts/lib/Apply.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { clientRate } from '../../client'
import { statusUrl, vendorUrl } from '../../model/endpoint'
import type { UploadRef } from '../../model/identifier'
import { perMinute } from '../amount'
import { duration } from '../display/format'
import { readFlag } from './optionValues'
import { reason } from '../reason'
import { readPair, readReference } from '../reference'

/** The arguments of `watch`, parsed. Durations are milliseconds; undefined: as the core does. */
export interface WatchCommand {
  readonly kind: 'watch'
  readonly references: readonly UploadRef[]
  /** Whether more references come on standard input. */
  readonly readsInput: boolean
  readonly baseUrl: string
  readonly deadline: number | undefined
  readonly attemptTimeout: number | undefined
  readonly notFoundGrace: number | undefined
  readonly perMinute: number
  readonly keyFile: string | undefined
  readonly json: boolean
}

const options = {
  'base-url': { type: 'string', default: vendorUrl },
  deadline: { type: 'string' },
  'attempt-timeout': { type: 'string' },
  'not-found-grace': { type: 'string' },
  rate: { type: 'string' },
  'key-file': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const watchFlags: readonly string[] = Object.keys(options).map(name => `--${name}`)

/** Reads what follows `watch`; throws what `parseArgs` throws. */
export const watchArguments = (args: readonly string[]): Either<string, WatchCommand> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  return pipe(
    sequenceS(E.Apply)({
      baseUrl: legalBaseUrl(values['base-url']),
      deadline: readFlag('--deadline', values.deadline, duration, undefined),
      attemptTimeout: readFlag('--attempt-timeout', values['attempt-timeout'], duration, undefined),
      notFoundGrace: readFlag('--not-found-grace', values['not-found-grace'], duration, undefined),
      perMinute: readFlag('--rate', values.rate, perMinute, clientRate),
      references: readPositionals(positionals, values['base-url']),
    }),
    E.map(read => ({
      kind: 'watch',
      ...read,
      readsInput: positionals.includes('-'),
      keyFile: values['key-file'],
      json: values.json,
    })),
  )
}

const legalBaseUrl = (baseUrl: string): Either<string, string> =>
  E.bimap(reason, () => baseUrl)(statusUrl(baseUrl, 'account', 'upload'))

/** Polling URLs stand for themselves; of the rest the first is an account, of all that follow. */
const readPositionals = (
  positionals: readonly string[],
  baseUrl: string,
): Either<string, readonly UploadRef[]> => {
  if (positionals.length === 0) return E.left('which upload? Give ACCOUNT UPLOAD, a URL, or -')
  const named = positionals
    .map((text, index) => ({ text, place: `argument ${String(index + 1)}` }))
    .filter(({ text }) => text !== '-')
  const isUrl = ({ text }: { readonly text: string }): boolean => text.includes('://')
  const [account, ...uploads] = named.filter(argument => !isUrl(argument))
  if (account !== undefined && uploads.length === 0)
    return E.left(`${account.place} is an account, and no upload follows it`)
  return E.traverseArray(({ text, place }: (typeof named)[number]) =>
    pipe(
      account === undefined || isUrl({ text })
        ? readReference(text, baseUrl)
        : readPair(account.text, text, baseUrl),
      E.mapLeft(failure => `${place}: ${reason(failure)}`),
    ),
  )(named.filter(argument => argument !== account))
}
