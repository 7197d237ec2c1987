import type { UploadStatusSource } from '../source'
import {
  callable,
  having,
  integerIn,
  list,
  members,
  milliseconds,
  numberIn,
  object,
  text,
} from '../failure/checked'
import type { Authorize } from './authorization'
import type { RelayEvent } from './relayEvent'
import { selectIdentity, type Select } from './select'

/** Where the relay has its statuses from. */
export type Upstream = Pick<UploadStatusSource, 'uploadStatuses$'>

/** How statuses are relayed. Durations are milliseconds. */
export interface RelayOptions {
  /** Polls upstream: each upload once, however many readers there are. */
  readonly client: Upstream
  /**
   * Returns whether a request may see an upload. `true` permits, and so does `{ caller }`, which also
   * names who asks, in place of `callerOf`. `false`, and an `authorize` that throws or rejects, denies
   * with 403, and `401`, `403` or `404` with that status. It is called for a few uploads at a time.
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
   * The hosts by which pages may reach the relay, like `my.example` or `localhost:3000`; any port,
   * where none is given. Others get 403. It stops DNS rebinding, where a name of an attacker's page
   * resolves to the address of the relay.
   *
   * @default any host
   */
  readonly hosts?: readonly string[] | undefined
  /**
   * Names who asks: the caps count for each caller. A request without a caller, null, counts in the
   * total only. Return the session or the user, if you can. If that takes time, let `authorize` do it.
   *
   * @default the `Authorization` header, or else the `Cookie` header, or else null
   */
  readonly callerOf?: ((request: Request) => string | null) | undefined
  /** Streams in all; above it a request gets 503. @default 10_000 */
  readonly maxStreams?: number | undefined
  /** Streams of one caller; above it a request gets 429. @default 20 */
  readonly maxStreamsPerCaller?: number | undefined
  /**
   * Uploads that one caller follows at once. The others wait until one ends or is left, so that one
   * caller cannot use up the budget of the client.
   *
   * @default 50
   */
  readonly maxUploadsPerCaller?: number | undefined
  /**
   * Uploads a minute that the relay starts to follow for one caller; the others wait. Free are those
   * that it follows already, for anybody, and those that the caller left within the last minute.
   *
   * @default 30
   */
  readonly maxNewUploadsPerMinute?: number | undefined
  /** Milliseconds between two comments that keep the connection alive; 30,000 at most. @default 15_000 */
  readonly heartbeat?: number | undefined
  /** Milliseconds that readers are told to wait before they connect again. @default 1_000 */
  readonly retry?: number | undefined
  /**
   * Milliseconds that a stream lasts, less up to a tenth. Then its reader connects again, and
   * `authorize` is asked again. An hour at most: a host that never reports that a reader left holds
   * its stream for so long.
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
  readonly [Name in Exclude<keyof RelayOptions, 'hosts'>]-?: Exclude<RelayOptions[Name], undefined>
} & Pick<RelayOptions, 'hosts'>

const caps = [
  'maxStreams',
  'maxStreamsPerCaller',
  'maxUploadsPerCaller',
  'maxNewUploadsPerMinute',
] as const

/** The longest `lifetime`, in ms. */
const longestLifetime = 3_600_000

const credentials = ({ headers }: Request): string | null =>
  headers.get('authorization') ?? headers.get('cookie')

const isUrl = (url: string, is: (url: URL) => boolean): boolean =>
  URL.canParse(url) && is(new URL(url))

/** As a browser names it: no path, no slash at the end. */
const isOrigin = (value: string): boolean =>
  /^https?:/.test(value) && isUrl(value, ({ origin }) => origin === value)

const isHost = (value: string): boolean => isUrl(`http://${value}`, ({ host }) => host === value)

const isEach = (
  values: readonly unknown[],
  name: string,
  is: (value: string) => boolean,
  like: string,
): void => {
  for (const each of values) {
    const value = text(each, `each of ${name}`)
    if (value.includes('*'))
      throw new TypeError(`${name} has no wildcards: list each of them, like ${like}`)
    if (!is(value)) throw new TypeError(`each of ${name} must be written like ${like}`)
  }
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
    hosts,
    maxStreams = 10_000,
    maxStreamsPerCaller = 20,
    maxUploadsPerCaller = 50,
    maxNewUploadsPerMinute = 30,
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
    hosts,
    maxStreams,
    maxStreamsPerCaller,
    maxUploadsPerCaller,
    maxNewUploadsPerMinute,
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
  isEach(list(settings.origins, 'origins', 'origins'), 'origins', isOrigin, 'https://my.example')
  if (settings.hosts !== undefined)
    isEach(list(settings.hosts, 'hosts', 'hosts'), 'hosts', isHost, 'my.example or localhost:3000')
  for (const name of caps) integerIn(settings[name], name, 1, Number.MAX_SAFE_INTEGER)
  numberIn(settings.heartbeat, 'heartbeat', 1, 30_000, 'milliseconds from 1 to 30000')
  milliseconds(settings.retry, 'retry')
  numberIn(settings.lifetime, 'lifetime', 1, longestLifetime, 'milliseconds from 1 to 3600000')
  milliseconds(settings.authorizeTimeout, 'authorizeTimeout', 1)
  return settings
}
