import { callable, integerIn, members, numberIn } from '../failure/checked'
import { longestTimer } from '../runtime/clock'
import { settingsOf, type Settings, type WatchOptions } from '../options'
import type { TrackedStatus } from '../api/uploadRef'
import { placeOf, requirePatience } from './placeOf'
import type { CheckedPlace, QueuePlace } from './queues'

/** The end of an upload. */
export interface SettledUpload extends TrackedStatus {
  /** The id of this end, the same in each report, for deduplication. */
  readonly id: string
}

/** The options of a watch that apply to a job. See {@link WatchOptions}. */
export type JobOptions = Pick<
  WatchOptions,
  | 'apiKey'
  | 'attemptTimeout'
  | 'baseUrl'
  | 'deadline'
  | 'fetch'
  | 'headers'
  | 'notFoundGrace'
  | 'on'
  | 'random'
  | 'request'
  | 'retry'
  | 'schedule'
>

/** The options of a worker. Durations are in milliseconds. */
export interface UploadStatusWorkerOptions extends QueuePlace, JobOptions {
  /** Requests per minute of the team, across all workers. All workers must use the same value. */
  readonly perMinute: number
  /**
   * The fraction of the limit to leave free, at least 0 and below 1. The server counts requests when
   * they arrive, and their latency varies.
   *
   * @default 0.1
   */
  readonly headroom?: number | undefined
  /** The most requests in flight of the whole team. @default 32 */
  readonly inFlight?: number | undefined
  /** The most requests in flight of this process. @default 16 */
  readonly concurrency?: number | undefined
  /**
   * Called at least once with each end, by one of the workers with this option. If it throws or rejects,
   * it is called again after 1 s, 2 s, and so on, up to 60 s.
   *
   * @default none: this process leaves the ends to other workers
   */
  readonly onSettled?: ((settled: SettledUpload) => Promise<void>) | undefined
  /**
   * Receives errors of the worker itself: an unavailable Redis, a missing key, a `schedule` that throws, an
   * `onSettled` that rejects. The worker continues.
   *
   * @default a process warning with the name and the message of the error
   */
  readonly onError?: ((error: Error) => void) | undefined
}

/** The checked options with their defaults. */
export interface WorkerSettings {
  readonly place: CheckedPlace
  readonly watch: Settings
  readonly perMinute: number
  readonly headroom: number
  readonly inFlight: number
  readonly concurrency: number
  readonly onSettled: UploadStatusWorkerOptions['onSettled']
  readonly onError: (error: Error) => void
}

const warn = ({ name, message }: Error): void => {
  process.emitWarning(`${name}: ${message}`, 'UploadStatusWorkerWarning')
}

const jobOptions: ReadonlyArray<keyof JobOptions> = [
  'apiKey',
  'attemptTimeout',
  'baseUrl',
  'deadline',
  'fetch',
  'headers',
  'notFoundGrace',
  'on',
  'random',
  'request',
  'retry',
  'schedule',
]

const ownOptions: ReadonlyArray<Exclude<keyof UploadStatusWorkerOptions, keyof JobOptions>> = [
  'connection',
  'name',
  'prefix',
  'perMinute',
  'headroom',
  'inFlight',
  'concurrency',
  'onSettled',
  'onError',
]

/**
 * Checks options and fills in the defaults.
 *
 * @throws TypeError or RangeError that names the option
 */
export const workerSettingsOf = (options: UploadStatusWorkerOptions): WorkerSettings => {
  const { headroom = 0.1, inFlight = 32, concurrency = 16, onSettled, onError = warn } = options
  members(options, 'options', [...ownOptions, ...jobOptions])
  integerIn(options.perMinute, 'perMinute', 1, longestTimer)
  numberIn(headroom, 'headroom', 0, 1 - Number.EPSILON)
  integerIn(inFlight, 'inFlight', 1, longestTimer)
  integerIn(concurrency, 'concurrency', 1, longestTimer)
  if (onSettled !== undefined) callable(onSettled, 'onSettled')
  callable(onError, 'onError')
  const own: readonly string[] = ownOptions
  const place = placeOf(options)
  requirePatience(place.connection)
  return {
    place,
    watch: settingsOf(
      Object.fromEntries(Object.entries(options).filter(([name]) => !own.includes(name))),
    ),
    perMinute: options.perMinute,
    headroom,
    inFlight,
    concurrency,
    onSettled,
    onError,
  }
}
