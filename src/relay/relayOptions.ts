import type { UploadStatusClient } from '../client'
import {
  callable,
  having,
  integerIn,
  list,
  members,
  milliseconds,
  numberIn,
  object,
} from '../failure/checked'
import type { Authorize } from './authorization'
import type { RelayEvent } from './relayEvent'
import { selectIdentity, type Select } from './select'

/** Where the relay has its statuses from. */
export type Upstream = Pick<UploadStatusClient, 'uploadStatuses$'>

/** How statuses are relayed. Durations are milliseconds. */
export interface RelayOptions {
  /** Polls upstream: each upload once, however many readers there are. */
  readonly client: Upstream
  /**
   * Says whether a request may see an upload. Only `true` permits; `false`, and an `authorize` that
   * throws or rejects, denies with 403, and `401`, `403` or `404` with that status.
   */
  readonly authorize: Authorize
  /**
   * Chooses what of a status crosses. What it throws ends the stream with an error.
   *
   * @default the identity, type and readiness of the media, and the sentence of an upload that failed
   */
  readonly select?: Select | undefined
  /**
   * Other origins whose pages may read, with their cookies, like `https://my.example`.
   *
   * @default [], the relay's own alone
   */
  readonly origins?: readonly string[] | undefined
  /**
   * Names who asks, so that nobody has all of the streams; null counts in the total alone. Give the
   * session or the user, if you can tell them.
   *
   * @default the `Authorization` header, or else the `Cookie` header, or else null
   */
  readonly callerOf?: ((request: Request) => string | null) | undefined
  /** Streams in all; who comes then gets 503. @default 10_000 */
  readonly maxStreams?: number | undefined
  /** Streams of one caller; who comes then gets 429. @default 20 */
  readonly maxStreamsPerCaller?: number | undefined
  /** Milliseconds between two comments that keep the connection alive; 30,000 at most. @default 15_000 */
  readonly heartbeat?: number | undefined
  /** Milliseconds that readers are told to wait before they connect again. @default 1_000 */
  readonly retry?: number | undefined
  /**
   * Milliseconds that a stream lasts, less up to a tenth. Then its reader connects again, and
   * `authorize` is asked again.
   *
   * @default 600_000
   */
  readonly lifetime?: number | undefined
  /** Milliseconds that `authorize` may take. Then the answer is 503. @default 10_000 */
  readonly authorizeTimeout?: number | undefined
  /** Told of each stream that is opened, refused or closed. What it throws is ignored. @default none */
  readonly on?: ((event: RelayEvent) => void) | undefined
}

/** Options, checked and completed. */
export type RelaySettings = {
  readonly [Name in keyof RelayOptions]-?: Exclude<RelayOptions[Name], undefined>
}

const credentials = ({ headers }: Request): string | null =>
  headers.get('authorization') ?? headers.get('cookie')

/** As a browser names it: no path, no slash at the end. */
const origin = (value: unknown): void => {
  const isOrigin =
    typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value
  if (!isOrigin) throw new TypeError('each of origins must be an origin, like https://my.example')
}

/**
 * Checks options and fills in the defaults.
 *
 * @throws TypeError or RangeError that names the option
 */
export const relaySettingsOf = (options: RelayOptions): RelaySettings => {
  object(options, 'options', 'an object such as { client, authorize }')
  const {
    client,
    authorize,
    select = selectIdentity,
    origins = [],
    callerOf = credentials,
    maxStreams = 10_000,
    maxStreamsPerCaller = 20,
    heartbeat = 15_000,
    retry = 1_000,
    lifetime = 600_000,
    authorizeTimeout = 10_000,
    on = () => undefined,
  } = options
  const settings: RelaySettings = {
    client,
    authorize,
    select,
    origins,
    callerOf,
    maxStreams,
    maxStreamsPerCaller,
    heartbeat,
    retry,
    lifetime,
    authorizeTimeout,
    on,
  }
  members(options, 'options', Object.keys(settings))
  having(settings.client, 'client', 'uploadStatuses$', 'made by createUploadStatusClient')
  callable(settings.authorize, 'authorize', '(request, ref) => boolean, or a promise of one')
  callable(settings.select, 'select', '(status, ref) => status')
  callable(settings.callerOf, 'callerOf', '(request) => string or null')
  callable(settings.on, 'on', '(event) => void')
  list(settings.origins, 'origins', 'origins').forEach(origin)
  integerIn(settings.maxStreams, 'maxStreams', 1, Number.MAX_SAFE_INTEGER)
  integerIn(settings.maxStreamsPerCaller, 'maxStreamsPerCaller', 1, Number.MAX_SAFE_INTEGER)
  numberIn(settings.heartbeat, 'heartbeat', 1, 30_000, 'milliseconds from 1 to 30000')
  milliseconds(settings.retry, 'retry')
  milliseconds(settings.lifetime, 'lifetime', 1)
  milliseconds(settings.authorizeTimeout, 'authorizeTimeout', 1)
  return settings
}
