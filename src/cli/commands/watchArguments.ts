import type { Either } from 'fp-ts/Either'
import { sequenceS } from 'fp-ts/lib/Apply.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { parseArgs } from 'node:util'
import { vendorUrl } from '../../api/endpoint'
import { platforms } from '../../api/platforms'
import { isIdentifier, type UploadRef } from '../../api/uploadRef'
import { clientRate } from '../../client'
import { formatFailure } from '../display/format'
import { parseBaseUrl, withScheme } from './baseUrl'
import { parseOption, parsePath, ratePerMinute } from './optionValues'
import { redisUrl } from './redis'
import { noReference, parseIds, parseReference } from './references'
import { parseTimeLimits } from './timeLimits'

/** The parsed arguments of `watch`. Durations are milliseconds; undefined is the core's default. */
export interface WatchCommand {
  readonly kind: 'watch'
  readonly references: readonly UploadRef[]
  /** Whether to read more references from standard input. */
  readonly readsInput: boolean
  readonly baseUrl: string
  readonly deadline: number | undefined
  readonly attemptTimeout: number | undefined
  readonly notFoundGrace: number | undefined
  readonly perMinute: number
  readonly keyFile: string | undefined
  readonly json: boolean
  readonly plain: boolean
  readonly summaryOnly: boolean
  readonly verbose: boolean
  readonly failFast: boolean
  readonly allowEmpty: boolean
  /** The file for the references of unfinished uploads. */
  readonly unfinished: string | undefined
  /** The file that stores the watches for a later run, which resumes them. */
  readonly state: string | undefined
  /** The Redis of a queue whose workers poll; undefined if this program polls. */
  readonly redis: string | undefined
}

const options = {
  'base-url': { type: 'string', default: vendorUrl },
  deadline: { type: 'string' },
  'attempt-timeout': { type: 'string' },
  'not-found-grace': { type: 'string' },
  rate: { type: 'string' },
  'key-file': { type: 'string' },
  json: { type: 'boolean', default: false },
  plain: { type: 'boolean', default: false },
  summary: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  'fail-fast': { type: 'boolean', default: false },
  'allow-empty': { type: 'boolean', default: false },
  unfinished: { type: 'string' },
  state: { type: 'string' },
  redis: { type: 'string' },
} as const

export const watchFlags: readonly string[] = Object.keys(options).map(name => `--${name}`)

/** The flags that no value follows. */
export const watchSwitches: readonly string[] = Object.entries(options).flatMap(
  ([name, { type }]) => (type === 'boolean' ? [`--${name}`] : []),
)

/** Parses the arguments after `watch`. Throws what `parseArgs` throws. */
export const parseWatchArguments = (args: readonly string[]): Either<string, WatchCommand> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const baseUrl = withScheme(values['base-url'])
  const file = (name: 'key-file' | 'unfinished' | 'state') => parsePath(`--${name}`, values[name])
  return pipe(
    sequenceS(E.Apply)({
      baseUrl: parseBaseUrl(baseUrl),
      ...parseTimeLimits(values),
      keyFile: file('key-file'),
      unfinished: file('unfinished'),
      state: file('state'),
      perMinute: parseOption('--rate', values.rate, ratePerMinute, clientRate),
      references:
        positionals.length === 0 && values.state !== undefined
          ? E.right([])
          : parsePositionals(positionals, baseUrl),
      redis: parseRedis(values.redis, values),
      plain:
        values.plain && values.json
          ? E.left('--plain and --json exclude each other: give one of them')
          : E.right(values.plain),
    }),
    E.map(parsed => ({
      kind: 'watch',
      ...parsed,
      readsInput: positionals.includes('-'),
      json: values.json,
      summaryOnly: values.summary,
      verbose: values.verbose,
      failFast: values['fail-fast'],
      allowEmpty: values['allow-empty'],
    })),
  )
}

/** The options that belong to workers, because they have the key and poll. */
const ofWorkers = [
  'rate',
  'deadline',
  'attempt-timeout',
  'not-found-grace',
  'key-file',
  'state',
] as const

/** Parses the URL of a Redis, which replaces polling in this program. */
const parseRedis = (
  url: string | undefined,
  given: Readonly<Record<string, unknown>>,
): Either<string, string | undefined> => {
  const flag = url === undefined ? undefined : ofWorkers.find(name => given[name] !== undefined)
  return flag === undefined
    ? parseOption('--redis', url, redisUrl, undefined)
    : E.left(`--${flag} and --redis exclude each other: the workers poll (command work)`)
}

/** Whether an id has the prefix of an upload id. */
const isUploadId = ({ text }: { readonly text: string }): boolean =>
  Object.values(platforms).some(({ upload }) => text.startsWith(upload))

/**
 * A polling URL, or two words in one argument, are a whole reference. Of the other arguments, the first
 * is the account of the rest.
 */
const parsePositionals = (
  positionals: readonly string[],
  baseUrl: string,
): Either<string, readonly UploadRef[]> => {
  if (positionals.length === 0)
    return E.left(
      'no upload was given: give ACCOUNT UPLOAD, a polling URL, or - for standard input',
    )
  const args = positionals
    .map((text, index) => ({ text, label: `argument ${String(index + 1)}` }))
    .filter(({ text }) => text !== '-')
  // Most often a variable of the shell that is not set.
  const empty = args.find(({ text }) => text.trim() === '')
  if (empty !== undefined) return E.left(`${empty.label} is empty`)
  const isReference = ({ text }: { readonly text: string }): boolean =>
    withScheme(text).includes('://') || /\s/.test(text.trim())
  const [account, ...uploads] = args.filter(arg => !isReference(arg))
  if (account !== undefined && [account, ...uploads].every(isUploadId))
    return E.left(`${account.label} is an upload: its account comes before it`)
  if (account !== undefined && uploads.length === 0)
    return E.left(
      isIdentifier(account.text)
        ? `${account.label} is an account, but no upload follows it`
        : `${account.label}: ${formatFailure(noReference)}`,
    )
  return E.traverseArray(({ text, label }: (typeof args)[number]) =>
    pipe(
      account === undefined || isReference({ text })
        ? parseReference(text, baseUrl)
        : parseIds(account.text, text, baseUrl),
      E.mapLeft(failure => `${label}: ${formatFailure(failure)}`),
    ),
  )(args.filter(arg => arg !== account))
}
