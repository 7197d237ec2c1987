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

/** The source of the relay's statuses. */
export type Upstream = Pick<UploadStatusSource, 'uploadStatuses$'>

/** The options of a relay. Durations are in milliseconds. */
export interface RelayOptions {
  /** The client that polls upstream. All readers of an upload share one poll. */
  readonly client: Upstream
  /**
   * Returns whether a request may see an upload. `true` permits, and so does `{ caller }`, which also
   * names the caller, instead of `callerOf`. `false` denies with 403, and so does an `authorize` that
   * throws or rejects; `401`, `403` and `404` deny with that status. It is called for a few uploads at
   * a time.
   */
  readonly authorize: Authorize
  /**
   * Selects the parts of a status that are sent to readers. If it throws, the stream ends with an error.
   *
   * @default the identity, type and readiness of the media, and the error message of a failed upload
   */
  readonly select?: Select | undefined
  /**
   * Other origins whose pages may read, with their cookies, such as `https://my.example`.
   *
   * @default [], only the relay's own origin
   */
  readonly origins?: readonly string[] | undefined
  /**
   * The hosts under which pages may reach the relay, such as `my.example` or `localhost:3000`. A host
   * without a port allows any port. Requests for other hosts get 403. This prevents DNS rebinding,
   * where an attacker's host name resolves to the address of the relay.
   *
   * @default any host
   */
  readonly hosts?: readonly string[] | undefined
  /**
   * Returns the caller of a request, for the caps per caller. A request whose caller is null counts in
   * the total only. Return the session or the user if you can; if that is asynchronous, return it from
   * `authorize`.
   *
   * @default the `Authorization` header, or else the `Cookie` header, or else null
   */
  readonly callerOf?: ((request: Request) => string | null) | undefined
  /** The most open streams in total. Further requests get 503. @default 10_000 */
  readonly maxStreams?: number | undefined
  /** The most open streams of one caller. Further requests get 429. @default 20 */
  readonly maxStreamsPerCaller?: number | undefined
  /**
   * The most uploads that the relay follows for one caller at a time. The others wait until one ends or
   * is left, so that one caller cannot use up the client's budget.
   *
   * @default 50
   */
  readonly maxUploadsPerCaller?: number | undefined
  /**
   * The most uploads per minute that the relay starts to follow for one caller. The others wait.
   * Uploads that it already follows for any caller, and those that the caller left within the last
   * minute, do not count.
   *
   * @default 30
   */
  readonly maxNewUploadsPerMinute?: number | undefined
  /** Milliseconds between the comments that keep a connection alive; at most 30,000. @default 15_000 */
  readonly heartbeat?: number | undefined
  /** Milliseconds that readers wait before they reconnect (the `retry` field). @default 1_000 */
  readonly retry?: number | undefined
  /**
   * Milliseconds that a stream stays open, shortened by a random part of up to 10 %. Then its reader
   * reconnects, and `authorize` is called again. At most an hour: on a host that does not report
   * that a reader left, its stream stays open for that long.
   *
   * @default 600_000
   */
  readonly lifetime?: number | undefined
  /** Milliseconds that `authorize` may take for one request. Then it gets 503. @default 10_000 */
  readonly authorizeTimeout?: number | undefined
  /** Receives an event for each stream opened, refused or closed. Errors are ignored. @default none */
  readonly on?: ((event: RelayEvent) => void) | undefined
}

/** The checked options with their defaults. */
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

/** Whether a value is an origin as browsers send it: no path, no trailing slash. */
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
