import type { Either } from 'fp-ts/Either'
import type { Observable, ObservableInput } from 'rxjs'
import type { UploadStatus } from './api/status'
import type { UploadRef, TrackedStatus } from './api/uploadRef'
import type { Failure } from './failure/failure'
import type { WatchEvent } from './watch/event'

/** The options of one subscriber. */
export interface FollowOptions {
  /**
   * Receives the events of the watch, if the source has them. Errors that it throws are ignored.
   *
   * @default none
   */
  readonly on?: ((event: WatchEvent) => void) | undefined
  /**
   * Ends each unfinished upload of this subscriber with `Cancelled`. Other subscribers of the same
   * upload continue.
   *
   * @default none
   */
  readonly signal?: AbortSignal | undefined
}

/**
 * A source of statuses: a client, a relay, a queue, or scripted values in a test. Each upload follows
 * the grammar of a watch. Unsubscribing stops everything that the subscription started.
 *
 * @example
 * const source: UploadStatusSource = createUploadStatusClient({ apiKey: null, baseUrl: 'https://my.example' })
 */
export interface UploadStatusSource {
  /** Watches one upload. */
  readonly uploadStatus$: (
    account: string,
    upload: string,
    options?: FollowOptions,
  ) => Observable<Either<Failure, UploadStatus>>
  /** Watches many uploads, each once. */
  readonly uploadStatuses$: (
    uploads: ObservableInput<UploadRef | readonly UploadRef[]>,
    options?: FollowOptions,
  ) => Observable<TrackedStatus>
  /**
   * Whether the user is present and the network is up. When it becomes `true` again, views watch each
   * upload again whose watch failed.
   *
   * @default none: views never watch an upload again
   */
  readonly activity$?: Observable<boolean> | undefined
}
