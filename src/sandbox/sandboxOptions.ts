import type { SandboxEvent } from './journal'
import type { Scenario } from './scenario/scenario'
import type { Durations } from './timeline'
import type { SandboxWebhooks } from './webhooks/deliveryOptions'

/** The default bearer key. It cannot be mistaken for a real key. */
export const sandboxApiKey = 'sandbox-key-not-a-secret'

/** The first of the default accounts. */
export const sandboxAccount = 'acct_sandbox'

/** The default accounts. The recipes of the documentation use `acct_1`. */
const sandboxAccounts: readonly string[] = [sandboxAccount, 'acct_1', 'fansly_acct_1']

/**
 * The options of `startSandbox`, all optional. A wrong value throws an error that names the option.
 *
 * @example
 * const sandbox = await startSandbox({
 *   port: 4010,
 *   rateLimit: 60,
 *   scenarios: { 'slow.mp4': [times(20, processing()), completed()] },
 * })
 */
export interface SandboxOptions {
  /** The TCP port; 0 selects a free port. @default 0 */
  readonly port?: number | undefined
  /**
   * The address to listen on. The sandbox warns if other machines can reach it.
   *
   * @default '127.0.0.1'
   */
  readonly host?: string | undefined
  /**
   * The origin that clients use, if it is not the address that the sandbox listens on, for example
   * in a container or behind a proxy. `url` and every `polling_url` begin with it. Null uses the
   * address and the port.
   *
   * @default null
   */
  readonly publicUrl?: string | null | undefined
  /** The bearer key that every request must send. @default sandboxApiKey */
  readonly apiKey?: string | undefined
  /**
   * The accounts that exist. Others get a 404. Those that begin with `fansly_` belong to Fansly.
   *
   * @default ['acct_sandbox', 'acct_1', 'fansly_acct_1']
   */
  readonly accounts?: readonly string[] | undefined
  /**
   * How long an upload is in each status, in milliseconds.
   *
   * @default { pending: 500, processing: 2_000, spread: 0.2 }
   */
  readonly durations?:
    { readonly [Name in keyof Durations]?: Durations[Name] | undefined } | undefined
  /** The share of uploads that fail, from 0 to 1. @default 0 */
  readonly failureRate?: number | undefined
  /**
   * The requests that are admitted in a minute, for all accounts together: a number, or an object to
   * say more. Null is no limit; the answers then state none.
   *
   * @default null
   */
  readonly rateLimit?: number | SandboxRateLimit | null | undefined
  /**
   * The credits of the team. An upload costs 3 for each decimal MB, at least 1, when its POST is
   * accepted; a `file_url` counts as 1 MB. A POST that costs more than is left gets a 402.
   *
   * @default 1_000_000_000
   */
  readonly credits?: number | undefined
  /** The member of an error body that holds its sentence; production has both. @default 'error' */
  readonly errorMember?: 'error' | 'message' | undefined
  /**
   * The number of uploads that the sandbox stores. When it is reached, the oldest finished upload
   * is removed (its polls get a 404); if none is finished, a POST gets a 503.
   *
   * @default 10_000
   */
  readonly maxUploads?: number | undefined
  /** The largest accepted file, in bytes; a larger one gets a 422. @default 104_857_600 (100 MB) */
  readonly maxFileBytes?: number | undefined
  /**
   * Scenarios for uploads that are started over HTTP, by file name. The name of a `file_url` is the
   * last segment of its path. The polls of such an upload follow the scenario, not the clock.
   *
   * @default {}
   */
  readonly scenarios?: Readonly<Record<string, Scenario>> | undefined
  /**
   * A webhook that is sent the events of uploads, `media_uploads.completed` and
   * `media_uploads.failed`. Null is none; more are created by `POST /api/webhooks`.
   *
   * @default null
   */
  readonly webhooks?: SandboxWebhooks | null | undefined
  /**
   * How the end of a body is sent. `length` sends a `Content-Length`; `chunked` sends chunks, as most
   * servers do behind an edge network; `close` closes the connection; `http10` does so in HTTP/1.0.
   * `mixed` draws one of these for each response from the seed. A response that has such a header
   * itself keeps it.
   *
   * @default 'length'
   */
  readonly framing?: 'length' | 'chunked' | 'close' | 'http10' | 'mixed' | undefined
  /** Determines every id, duration and result: equal seeds give equal runs. An integer. @default 1 */
  readonly seed?: number | undefined
  /** Returns milliseconds and never goes backwards. @default performance.now */
  readonly clock?: (() => number) | undefined
  /** Called with every request, delivery and warning. An error that it throws is ignored. @default none */
  readonly on?: ((event: SandboxEvent) => void) | undefined
}

/** A rate limit of a sandbox. */
export interface SandboxRateLimit {
  /** Requests in a window of 60 s, from 1 to 100,000. */
  readonly perMinute: number
  /**
   * `fixed`: a window begins with the first request after the last window, as the API counts.
   * `sliding`: the 60 s before each request are a window.
   *
   * @default 'fixed'
   */
  readonly window?: 'fixed' | 'sliding' | undefined
  /**
   * Milliseconds of a lockout, which punishes clients that do not wait for `Retry-After`: the third
   * early request in a row starts it, and every request then gets the page of error 1015. Null is no
   * punishment.
   *
   * @default null
   */
  readonly lockout?: number | null | undefined
}

/** The defaults of `durations`. */
export const sandboxDurations: Durations = { pending: 500, processing: 2_000, spread: 0.2 }

/** A value for every option. */
export type SandboxDefaults = {
  readonly [Name in keyof SandboxOptions]-?: Exclude<SandboxOptions[Name], undefined>
}

/** The defaults of all options. */
export const sandboxDefaults: SandboxDefaults = {
  port: 0,
  host: '127.0.0.1',
  publicUrl: null,
  apiKey: sandboxApiKey,
  accounts: sandboxAccounts,
  durations: sandboxDurations,
  failureRate: 0,
  rateLimit: null,
  credits: 1_000_000_000,
  errorMember: 'error',
  maxUploads: 10_000,
  maxFileBytes: 100 * 1024 * 1024,
  scenarios: {},
  webhooks: null,
  framing: 'length',
  seed: 1,
  clock: () => performance.now(),
  on: () => undefined,
}
