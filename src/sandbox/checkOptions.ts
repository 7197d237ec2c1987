import { isIdentifier } from '../api/uploadRef'
import {
  callable,
  integerIn,
  list,
  members,
  milliseconds,
  numberIn,
  object,
  oneOf,
  text,
} from '../failure/checked'
import { framings, type Framing } from './http/framing'
import type { RateLimit } from './http/requestCount'
import type { ErrorMember } from './http/response'
import type { SandboxEvent } from './journal'
import {
  sandboxDefaults,
  sandboxDurations,
  type SandboxDefaults,
  type SandboxOptions,
} from './sandboxOptions'
import { parseScenario } from './scenario/parseScenario'
import type { Scenario } from './scenario/scenario'
import type { Durations } from './timeline'
import { webhookSettings, type WebhookSettings } from './webhooks/deliveryOptions'

/** Checked options, with the defaults filled in. */
export interface Settings {
  readonly port: number
  readonly host: string
  /** Null if it is the address that the sandbox listens on. */
  readonly origin: string | null
  readonly apiKey: string
  readonly accounts: ReadonlySet<string>
  readonly durations: Durations
  readonly failureRate: number
  /** Null if there is no limit. */
  readonly rateLimit: RateLimit | null
  readonly credits: number
  readonly errorMember: ErrorMember
  readonly maxUploads: number
  readonly maxFileBytes: number
  readonly scenarios: ReadonlyMap<string, Scenario>
  /** Null if there is none. */
  readonly webhooks: WebhookSettings | null
  readonly framing: Framing | 'mixed'
  readonly seed: number
  readonly clock: () => number
  readonly on: (event: SandboxEvent) => void
}

const largest = Number.MAX_SAFE_INTEGER

/** Checks options and fills in the defaults. The first wrong option throws an error that names it. */
export const checkOptions = (options: SandboxOptions): Settings => {
  const given = members(options, 'options', Object.keys(sandboxDefaults))
  // The type is only a promise of the caller, so every member is checked.
  const all: SandboxDefaults = { ...sandboxDefaults, ...Object.fromEntries(given) }
  return {
    port: integerIn(all.port, 'port', 0, 65_535),
    host: nonEmpty(all.host, 'host'),
    origin: all.publicUrl === null ? null : origin(all.publicUrl, 'publicUrl'),
    apiKey: bearerKey(all.apiKey, 'apiKey'),
    accounts: identifiers(all.accounts, 'accounts'),
    durations: durations(all.durations, 'durations'),
    failureRate: numberIn(all.failureRate, 'failureRate', 0, 1),
    rateLimit: all.rateLimit === null ? null : rateLimit(all.rateLimit, 'rateLimit'),
    credits: integerIn(all.credits, 'credits', 0, largest),
    errorMember: oneOf(all.errorMember, 'errorMember', ['error', 'message']),
    maxUploads: integerIn(all.maxUploads, 'maxUploads', 1, 1_000_000),
    maxFileBytes: integerIn(all.maxFileBytes, 'maxFileBytes', 0, largest),
    scenarios: new Map(
      [...object(all.scenarios, 'scenarios')].map(([fileName, scenario]) => [
        fileName,
        parseScenario(scenario, `scenarios.${fileName}`),
      ]),
    ),
    webhooks: all.webhooks === null ? null : webhookSettings(all.webhooks, 'webhooks'),
    framing: oneOf(all.framing, 'framing', [...framings, 'mixed']),
    seed: integerIn(all.seed, 'seed', -largest, largest),
    clock: clock(all.clock, 'clock'),
    on: callable(all.on, 'on', '(event) => void'),
  }
}

const nonEmpty = (value: unknown, name: string): string => {
  const given = text(value, name)
  if (given === '') {
    throw new RangeError(`${name} must be an address or a host name, such as 127.0.0.1, not empty`)
  }
  return given
}

// A key that a header can carry unchanged.
const bearerKey = (value: unknown, name: string): string => {
  const key = text(value, name)
  if (!/^[\x21-\x7e]{1,256}$/.test(key)) {
    throw new RangeError(`${name} must be 1 to 256 visible ASCII characters without spaces`)
  }
  return key
}

const identifiers = (value: unknown, name: string): ReadonlySet<string> => {
  const given = list(value, name, 'account ids')
  if (given.length === 0 || !given.every(isIdentifier)) {
    throw new RangeError(
      `${name} must be account ids (letters, digits, _ or -), at least one, such as acct_1`,
    )
  }
  return new Set(given)
}

const origin = (value: unknown, name: string): string => {
  const url = text(value, name)
  const parsed = URL.canParse(url) ? new URL(url) : null
  const bare = parsed !== null && parsed.href === `${parsed.origin}/`
  if (!bare || !/^https?:$/.test(parsed.protocol)) {
    throw new RangeError(
      `${name} must be an http or https origin without a path, such as http://sandbox:4010`,
    )
  }
  return parsed.origin
}

const durations = (value: unknown, name: string): Durations => {
  const given = members(value, name, Object.keys(sandboxDurations))
  const member = (key: keyof Durations): unknown =>
    given.has(key) ? given.get(key) : sandboxDurations[key]
  return {
    pending: milliseconds(member('pending'), `${name}.pending`),
    processing: milliseconds(member('processing'), `${name}.processing`),
    spread: numberIn(member('spread'), `${name}.spread`, 0, 1),
  }
}

const clock = (value: () => number, name: string): (() => number) => {
  numberIn(callable(value, name, '() => ms')(), `${name}()`, -largest, largest)
  return value
}

const rateLimit = (value: unknown, name: string): RateLimit => {
  if (typeof value === 'number') return rateLimit({ perMinute: value }, name)
  const given = members(
    value,
    name,
    ['perMinute', 'window', 'lockout'],
    'a number such as 60, an object such as { perMinute: 60 }, or null',
  )
  const lockout = given.has('lockout') ? given.get('lockout') : null
  const window = given.has('window') ? given.get('window') : 'fixed'
  return {
    perMinute: integerIn(given.get('perMinute'), `${name}.perMinute`, 1, 100_000),
    window: oneOf(window, `${name}.window`, ['fixed', 'sliding']),
    lockout: lockout === null ? null : milliseconds(lockout, `${name}.lockout`),
  }
}
