import type { SandboxEvent } from './journal'
import type { Scenario } from './scenario'
import type { Durations } from './timeline'

/** The key that the sandbox asks for unless told another; no real key looks like it. */
export const sandboxApiKey = 'sandbox-key-not-a-secret'

/** The first account of a sandbox that is given no others. */
export const sandboxAccount = 'acct_sandbox'

/** The accounts of a sandbox that is given no others. `acct_1` is that of every recipe. */
export const sandboxAccounts: readonly string[] = [sandboxAccount, 'acct_1']

/** How a sandbox behaves. All optional; one that makes no sense is an error that names it. */
export interface SandboxOptions {
  /** The TCP port; 0 takes a free one. @default 0 */
  readonly port?: number | undefined
  /** The address to listen on. Beyond loopback the sandbox warns. @default '127.0.0.1' */
  readonly host?: string | undefined
  /**
   * The origin by which clients reach the sandbox, where it is not the address it listens on: in a
   * container, behind a proxy. `url` and every `polling_url` begin with it.
   * Null follows the address and port.
   * @default null
   */
  readonly publicUrl?: string | null | undefined
  /** The bearer key that every request must carry. @default sandboxApiKey */
  readonly apiKey?: string | undefined
  /** The accounts that exist; others are answered 404. @default ['acct_sandbox', 'acct_1'] */
  readonly accounts?: readonly string[] | undefined
  /** How long uploads take. @default { pending: 500, processing: 2_000, spread: 0.2 } */
  readonly durations?:
    { readonly [Name in keyof Durations]?: Durations[Name] | undefined } | undefined
  /** The share of uploads that end as `failed`, from 0 to 1. @default 0 */
  readonly failureRate?: number | undefined
  /** Requests admitted in any 60 s, of all accounts together; null is no limit. @default null */
  readonly rateLimit?: { readonly perMinute: number } | null | undefined
  /**
   * How many uploads are held. Beyond it the oldest settled one is forgotten (404); where none is
   * settled, a POST is answered 503. @default 10_000
   */
  readonly maxUploads?: number | undefined
  /** The largest file that is accepted, in bytes. @default 104_857_600 (100 MB) */
  readonly maxFileBytes?: number | undefined
  /**
   * Scripts for uploads that are started over HTTP, by file name (of a `file_url`, the last segment
   * of its path): the polls of such an upload follow the script instead of the clock.
   * @default {}
   */
  readonly scenarios?: Readonly<Record<string, Scenario>> | undefined
  /** Every id, duration and end follows from it: one seed, one run. An integer. @default 1 */
  readonly seed?: number | undefined
  /** Milliseconds on a clock that never goes back. @default performance.now */
  readonly clock?: (() => number) | undefined
  /** Told of every request and warning; what it throws is ignored. @default none */
  readonly on?: ((event: SandboxEvent) => void) | undefined
}

/** What holds where a duration is left out. */
export const sandboxDurations: Durations = { pending: 500, processing: 2_000, spread: 0.2 }

/** The value of each option. */
export type SandboxDefaults = {
  readonly [Name in keyof SandboxOptions]-?: Exclude<SandboxOptions[Name], undefined>
}

/** What holds where an option is left out. */
export const sandboxDefaults: SandboxDefaults = {
  port: 0,
  host: '127.0.0.1',
  publicUrl: null,
  apiKey: sandboxApiKey,
  accounts: sandboxAccounts,
  durations: sandboxDurations,
  failureRate: 0,
  rateLimit: null,
  maxUploads: 10_000,
  maxFileBytes: 100 * 1024 * 1024,
  scenarios: {},
  seed: 1,
  clock: () => performance.now(),
  on: () => undefined,
}
