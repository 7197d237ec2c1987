import type { Either } from 'fp-ts/Either'
import type { Task } from 'fp-ts/Task'
import type { TaskEither } from 'fp-ts/TaskEither'
import { map, type Observable, type ObservableInput } from 'rxjs'
import type { FanslyUploadStatus } from './api/fansly'
import type { FanslyId } from './api/platformApi'
import type { TerminalOf, TerminalStatus, UploadStatus } from './api/status'
import {
  readArguments,
  type ExpectedFanslyUpload,
  type ExpectedUpload,
  type FanslyRef,
  type RefArguments,
  type RemovedUpload,
  type TrackedStatus,
  type UploadEntry,
  type UploadRef,
} from './api/uploadRef'
import { resumedWatches, snapshotOf, type ClientSnapshot } from './clientSnapshot'
import { list } from './failure/checked'
import { cancelled, type Failure } from './failure/failure'
import { withRefusedKey } from './http/refusedKey'
import type { TrackedOutcome } from './operators/outcomes'
import { settingsOf, withBudget, type WatchOptions } from './options'
import { notify } from './runtime/notify'
import { grace, sharedSource } from './sharedSource'
import type { FollowOptions, UploadStatusSource } from './source'
import { statusRequest } from './statusRequest'
import { outcomeOf } from './uploadOutcome'
import { outcomesOf } from './uploadOutcomes'
import { shareWatches } from './watch/bulk/sharedWatches'
import { createWatches } from './watch/bulk/watches'
import type { WatchEvent } from './watch/event'

/** Requests per minute of a client without a budget: the limit of the small plans. */
export const clientRate = 60

/** The options of every watch of a client. See {@link WatchOptions}. */
export interface ClientOptions extends WatchOptions {
  /**
   * The budget that all watches of the client share.
   *
   * @default requestBudget({ perMinute: 60 }), the limit of the small plans
   */
  readonly budget?: WatchOptions['budget']
  /**
   * The watches to resume: the result of `snapshot` of an earlier client, possibly in another process.
   * Each watch resumes with its first subscriber. The time in between counts, by the wall clock. A
   * snapshot does not contain the other options.
   *
   * @default none: every watch is new
   */
  readonly resume?: ClientSnapshot | undefined
}

/** A client whose watches share the key, the budget and the polls. */
export interface UploadStatusClient extends UploadStatusSource {
  /** Like the function of the same name, but all subscribers of an upload share one poll. */
  readonly uploadStatus$: {
    (
      account: string,
      upload: FanslyId,
      options?: FollowOptions,
    ): Observable<Either<Failure, FanslyUploadStatus>>
    (
      account: string,
      upload: string,
      options?: FollowOptions,
    ): Observable<Either<Failure, UploadStatus>>
    (ref: FanslyRef, options?: FollowOptions): Observable<Either<Failure, FanslyUploadStatus>>
    (ref: UploadRef, options?: FollowOptions): Observable<Either<Failure, UploadStatus>>
  }
  /** Like the function of the same name, on the shared watches. */
  readonly uploadStatuses$: {
    (
      uploads: ObservableInput<
        ExpectedFanslyUpload | RemovedUpload | ReadonlyArray<ExpectedFanslyUpload | RemovedUpload>
      >,
      options?: FollowOptions,
    ): Observable<TrackedStatus<FanslyUploadStatus>>
    (
      uploads: ObservableInput<UploadEntry | readonly UploadEntry[]>,
      options?: FollowOptions,
    ): Observable<TrackedStatus>
  }
  /** Like the function of the same name, on the shared watch. */
  readonly uploadOutcome: {
    (
      account: string,
      upload: FanslyId,
      options?: FollowOptions,
    ): TaskEither<Failure, TerminalOf<FanslyUploadStatus>>
    (account: string, upload: string, options?: FollowOptions): TaskEither<Failure, TerminalStatus>
  }
  /** Like the function of the same name, on the shared watches. */
  readonly uploadOutcomes: {
    (
      refs: readonly ExpectedFanslyUpload[],
      options?: FollowOptions,
    ): Task<readonly TrackedOutcome<TerminalOf<FanslyUploadStatus>>[]>
    (refs: readonly ExpectedUpload[], options?: FollowOptions): Task<readonly TrackedOutcome[]>
  }
  /**
   * Returns the unfinished watches for the option `resume` of a later client: their state, attempts and
   * elapsed time. Plain data that never contains a key. An attempt in flight is repeated. Call it before
   * `close`.
   *
   * @example
   * const text = JSON.stringify(client.snapshot())
   * const later = createUploadStatusClient({ resume: JSON.parse(text) })
   */
  readonly snapshot: () => ClientSnapshot
  /**
   * Ends all watches with `Left(Cancelled)`, aborts their requests, and stops all timers. Later watches
   * end immediately in the same way. Connections belong to the process; idle ones do not keep it alive.
   */
  readonly close: () => Promise<void>
  /** Closes the client at the end of a block: `await using client = createUploadStatusClient()`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** A client with statuses of any platform: the id of the upload determines the codec. */
interface ClientOfAny
  extends
    UploadStatusSource,
    Pick<UploadStatusClient, 'snapshot' | 'close' | typeof Symbol.asyncDispose> {
  readonly uploadOutcome: (
    account: string,
    upload: string,
    options?: FollowOptions,
  ) => TaskEither<Failure, TerminalStatus>
  readonly uploadOutcomes: (
    refs: readonly ExpectedUpload[],
    options?: FollowOptions,
  ) => Task<readonly TrackedOutcome[]>
}

declare global {
  // The same as in TypeScript's `esnext.disposable`. Without it these types would not compile.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol
  }
}

/**
 * Creates a client whose watches share the key, a budget of requests, and their polls.
 *
 * - All subscribers of an upload share one poll. A late subscriber immediately receives the latest
 *   value, and after the end the terminal status, without a request.
 * - After a failure the next subscriber starts a new watch.
 * - `on` of the client receives the events of all watches. `on` of a subscriber receives those of its
 *   own uploads, starting with the event of the current request or pause.
 * - `signal` of a subscriber ends its uploads only; other subscribers continue.
 * - The poll stops 250 ms after the last subscriber left, or immediately if that removed the upload. If
 *   several subscribers give an upload a `priority`, the last one counts.
 * - Two clients share nothing. A client caches at most 1,000 ends and 4 MiB of their JSON. An upload
 *   whose end was dropped is polled once more.
 *
 * @throws TypeError or RangeError that names the invalid option
 *
 * @example
 * const client = createUploadStatusClient({ budget: requestBudget({ perMinute: 600 }) })
 * const all$ = merge(
 *   client.uploadStatus$('acct_1', 'ofapi_media_1'),
 *   client.uploadStatus$('acct_1', 'ofapi_media_2'),
 * )
 */
export function createUploadStatusClient(options?: ClientOptions): UploadStatusClient
export function createUploadStatusClient(options: ClientOptions = {}): ClientOfAny {
  const settings = withRefusedKey(withBudget(settingsOf(options, ['resume']), clientRate))
  const now = (): number => Date.now()
  const resumed = resumedWatches(options.resume, now)
  const on = (event: WatchEvent): void => {
    shared.notify(event)
    notify(settings.on, event)
  }
  const watches = createWatches(statusRequest(settings), { ...settings, on }, resumed.take)
  const shared = shareWatches(watches, grace)

  const source = sharedSource(() => shared, settings.activity$)
  const close = (): Promise<void> => {
    shared.close(cancelled('the client was closed'))
    return Promise.resolve()
  }
  return {
    ...source,
    uploadStatus$: (...given: RefArguments<FollowOptions>) => {
      const { ref, options } = readArguments(given)
      if (ref.platform === undefined) return source.uploadStatus$(ref.account, ref.upload, options)
      return source.uploadStatuses$([ref], options).pipe(map(({ status }) => status))
    },
    uploadOutcome: (account, upload, options) =>
      outcomeOf(source.uploadStatus$(account, upload, options)),
    uploadOutcomes: (refs, options) => {
      list(refs, 'refs', 'references { account, upload }')
      return () => outcomesOf(source, refs, options)
    },
    snapshot: () => snapshotOf([...watches.begun(), ...resumed.rest()], now()),
    close,
    [Symbol.asyncDispose]: close,
  }
}
