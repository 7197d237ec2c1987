import { isIdentifier } from '../model/identifier'
import {
  callable,
  integerIn,
  members,
  milliseconds,
  numberIn,
  object,
  text,
} from '../model/checked'
import type { SandboxEvent } from './journal'
import {
  sandboxDefaults,
  sandboxDurations,
  type SandboxOptions,
  type SandboxDefaults,
} from './options'
import { parseScenario } from './parseScenario'
import type { Scenario } from './scenario'
import type { Durations } from './timeline'

/** Options that were checked, with every default filled in. */
export interface Settings {
  readonly port: number
  readonly host: string
  /** Null where it follows from the address. */
  readonly origin: string | null
  readonly apiKey: string
  readonly accounts: ReadonlySet<string>
  readonly durations: Durations
  readonly failureRate: number
  /** Null where there is no limit. */
  readonly perMinute: number | null
  readonly maxUploads: number
  readonly maxFileBytes: number
  readonly scenarios: ReadonlyMap<string, Scenario>
  readonly seed: number
  readonly clock: () => number
  readonly on: (event: SandboxEvent) => void
}

const most = Number.MAX_SAFE_INTEGER

/** Checks options; the first that makes no sense throws a RangeError or TypeError naming it. */
export const settingsOf = (options: SandboxOptions): Settings => {
  const given = members(options, 'options', Object.keys(sandboxDefaults))
  // Only as well typed as the caller is; every member is checked below.
  const all: SandboxDefaults = { ...sandboxDefaults, ...Object.fromEntries(given) }
  return {
    port: integerIn(all.port, 'port', 0, 65_535),
    host: filled(all.host, 'host'),
    origin: all.publicUrl === null ? null : origin(all.publicUrl, 'publicUrl'),
    apiKey: sendable(all.apiKey, 'apiKey'),
    accounts: identifiers(all.accounts, 'accounts'),
    durations: durations(all.durations, 'durations'),
    failureRate: numberIn(all.failureRate, 'failureRate', 0, 1),
    perMinute: all.rateLimit === null ? null : perMinute(all.rateLimit, 'rateLimit'),
    maxUploads: integerIn(all.maxUploads, 'maxUploads', 1, 1_000_000),
    maxFileBytes: integerIn(all.maxFileBytes, 'maxFileBytes', 0, most),
    scenarios: new Map(
      [...object(all.scenarios, 'scenarios')].map(([fileName, scenario]) => [
        fileName,
        parseScenario(scenario, `scenarios.${fileName}`),
      ]),
    ),
    seed: integerIn(all.seed, 'seed', -most, most),
    clock: steady(all.clock, 'clock'),
    on: callable(all.on, 'on'),
  }
}

const filled = (value: unknown, name: string): string => {
  if (text(value, name) === '') throw new RangeError(`${name} must not be empty`)
  return text(value, name)
}

// What a client can put into a header, and the sandbox get out of it, unchanged.
const sendable = (value: unknown, name: string): string => {
  const key = text(value, name)
  if (!/^[\x21-\x7e]{1,256}$/.test(key)) {
    throw new RangeError(`${name} must be 1 to 256 visible ASCII characters`)
  }
  return key
}

const identifiers = (value: unknown, name: string): ReadonlySet<string> => {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list`)
  if (value.length === 0 || !value.every(isIdentifier)) {
    throw new RangeError(`${name} must hold at least one identifier (letters, digits, _ or -)`)
  }
  return new Set(value)
}

const origin = (value: unknown, name: string): string => {
  const url = text(value, name)
  const parsed = URL.canParse(url) ? new URL(url) : null
  const bare = parsed !== null && parsed.href === `${parsed.origin}/`
  if (!bare || !/^https?:$/.test(parsed.protocol)) {
    throw new RangeError(`${name} must be an http or https origin, such as http://sandbox:4010`)
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

const steady = (clock: () => number, name: string): (() => number) => {
  numberIn(callable(clock, name)(), `${name}()`, -most, most)
  return clock
}

const perMinute = (value: unknown, name: string): number =>
  integerIn(members(value, name, ['perMinute']).get('perMinute'), `${name}.perMinute`, 1, 100_000)
