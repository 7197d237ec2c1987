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
import { grace, sharedSource } from './sharedSource'
import type { FollowOptions, UploadStatusSource } from './source'
import { statusRequest } from './statusRequest'
import { outcomeOf } from './uploadOutcome'
import { outcomesOf } from './uploadOutcomes'
import { shareWatches } from './watch/bulk/sharedWatches'
import { createWatches } from './watch/bulk/watches'
import type { WatchEvent } from './watch/event'

/** Requests per minute of a client that was given no budget: what the small plans allow. */
export const clientRate = 60

/** The options of every watch of a client; see {@link WatchOptions}. */
export interface ClientOptions extends WatchOptions {
  /**
   * Shared by all watches of the client.
   *
   * @default requestBudget({ perMinute: 60 }), what the small plans allow
   */
  readonly budget?: WatchOptions['budget']
  /**
   * Watches to go on with: what `snapshot` of an earlier client returned, also in another process. Each
   * goes on with its first subscriber; nothing is polled before. The time in between counts, by the
   * wall clock. The other options are not in a snapshot.
   *
   * @default none: each watch is a new one
   */
  readonly resume?: ClientSnapshot | undefined
}

/** Watches that share key, budget and polls. */
export interface UploadStatusClient extends UploadStatusSource {
  /** As the function of the same name, but all subscribers of an upload share one poll. */
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
  /** As the function of the same name, on the shared watches. */
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
  /** As the function of the same name, on the shared watch. */
  readonly uploadOutcome: {
    (
      account: string,
      upload: FanslyId,
      options?: FollowOptions,
    ): TaskEither<Failure, TerminalOf<FanslyUploadStatus>>
    (account: string, upload: string, options?: FollowOptions): TaskEither<Failure, TerminalStatus>
  }
  /** As the function of the same name, on the shared watches. */
  readonly uploadOutcomes: {
    (
      refs: readonly ExpectedFanslyUpload[],
      options?: FollowOptions,
    ): Task<readonly TrackedOutcome<TerminalOf<FanslyUploadStatus>>[]>
    (refs: readonly ExpectedUpload[], options?: FollowOptions): Task<readonly TrackedOutcome[]>
  }
  /**
   * The watches that have not ended, for the option `resume` of a later client: what they know, their
   * attempts, and the time that they took. It is plain data, and never holds a key. An attempt in
   * flight is made again. Take it before `close`.
   *
   * @example
   * const text = JSON.stringify(client.snapshot())
   * const later = createUploadStatusClient({ resume: JSON.parse(text) })
   */
  readonly snapshot: () => ClientSnapshot
  /**
   * Ends all watches with `Left(Cancelled)`, aborts their requests, and leaves no timer. Whatever is
   * watched later ends at once in the same way. The connections are those of the process: idle ones
   * keep no program running.
   */
  readonly close: () => Promise<void>
  /** Closes the client at the end of a block: `await using client = createUploadStatusClient()`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** A client as it is made: what is watched is decoded by the id of the upload. */
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
  // TypeScript's `esnext.disposable` declares the same; without it these types would not compile.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol
  }
}

/**
 * A client whose watches share the key, a budget of requests, and their polls.
 *
 * - All subscribers of an upload share one poll. A late subscriber gets the latest value at once, and
 *   after the end the terminal status, without a request.
 * - A watch that ended with a failure starts again with its next subscriber.
 * - `on` of the client receives the events of all watches. `on` of a subscriber receives those of its
 *   own uploads, and first the one of the request or the pause that is going on.
 * - `signal` of a subscriber ends what it follows; the others go on.
 * - The poll stops 250 ms after the last subscriber left, and at once if that removed the upload. If
 *   several subscribers name an upload, the last `priority` counts.
 * - Two clients share nothing. A client remembers at most 1,000 ends, and 4 MiB of their JSON; an
 *   older one is polled once more.
 *
 * @throws TypeError or RangeError that names an option which makes no sense
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
    settings.on?.(event)
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
