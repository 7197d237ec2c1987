import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Observable, ObservableInput } from 'rxjs'
import type { TerminalStatus, UploadStatus } from './api/status'
import type { TrackedStatus, ExpectedUpload } from './api/uploadRef'
import type { Failure } from './failure/failure'
import { withRefusedKey } from './http/refusedKey'
import { settingsOf, withBudget, type WatchOptions } from './options'
import { grace, sharedSource } from './sharedSource'
import type { FollowOptions, UploadStatusSource } from './source'
import { statusRequest } from './statusRequest'
import { outcomeOf } from './uploadOutcome'
import { shareWatchesAndEvents } from './watch/bulk/sharedWatches'
import { createWatches } from './watch/bulk/watches'

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
}

/** Watches that share key, budget and polls. */
export interface UploadStatusClient extends UploadStatusSource {
  /** As the function of the same name, but all subscribers of an upload share one poll. */
  readonly uploadStatus$: (
    account: string,
    upload: string,
    options?: FollowOptions,
  ) => Observable<Either<Failure, UploadStatus>>
  /** As the function of the same name, on the shared watches. */
  readonly uploadStatuses$: (
    uploads: ObservableInput<ExpectedUpload | readonly ExpectedUpload[]>,
    options?: FollowOptions,
  ) => Observable<TrackedStatus>
  /** As the function of the same name, on the shared watch. */
  readonly uploadOutcome: (account: string, upload: string) => TaskEither<Failure, TerminalStatus>
}

/**
 * A client whose watches share the key, a budget of requests, and their polls.
 *
 * - All subscribers of an upload share one poll. A late subscriber gets the latest value at once, and
 *   after the end the terminal status, without a request.
 * - A watch that ended with a failure starts again with its next subscriber.
 * - `on` of the client receives the events of all watches. `on` of a subscriber receives those of its
 *   own uploads, and first the one of the request or the pause that is going on.
 * - The poll stops 250 ms after the last subscriber left.
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
export const createUploadStatusClient = (options: ClientOptions = {}): UploadStatusClient => {
  const settings = withRefusedKey(withBudget(settingsOf(options), clientRate))
  const request = statusRequest(settings)
  const shared = shareWatchesAndEvents(
    withEvents => createWatches(request, withEvents),
    settings,
    grace,
  )

  const source = sharedSource(() => shared, settings.activity$)
  return {
    ...source,
    uploadOutcome: (account, upload) => outcomeOf(source.uploadStatus$(account, upload)),
  }
}
