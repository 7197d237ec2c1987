import type { Either } from 'fp-ts/Either'
import type { Observable, ObservableInput } from 'rxjs'
import type { UploadStatus } from './api/status'
import type { UploadRef, TrackedStatus } from './api/uploadRef'
import type { Failure } from './failure/failure'
import type { WatchEvent } from './watch/event'

/** The options of one subscriber. */
export interface FollowOptions {
  /**
   * Told of what happens in the watch between its values, where the source knows. What it throws is
   * ignored.
   *
   * @default none
   */
  readonly on?: ((event: WatchEvent) => void) | undefined
  /**
   * Ends what this subscriber follows with `Cancelled`: each upload that has not ended. Others that
   * follow the same upload go on.
   *
   * @default none
   */
  readonly signal?: AbortSignal | undefined
}

/**
 * Where statuses come from: a client, a relay, a queue, or in a test a few values. Each upload obeys the grammar of a watch; unsubscribing stops what was started for it.
 *
 * @example
 * const source: UploadStatusSource = createUploadStatusClient({ apiKey: null, baseUrl: 'https://my.example' })
 */
export interface UploadStatusSource {
  /** What becomes of one upload. */
  readonly uploadStatus$: (
    account: string,
    upload: string,
    options?: FollowOptions,
  ) => Observable<Either<Failure, UploadStatus>>
  /** What becomes of many; each is watched once. */
  readonly uploadStatuses$: (
    uploads: ObservableInput<UploadRef | readonly UploadRef[]>,
    options?: FollowOptions,
  ) => Observable<TrackedStatus>
  /**
   * Whether somebody is there and the network is up. When it turns `true` again, views ask again
   * for each upload whose status could not be learned.
   *
   * @default none: views never ask again
   */
  readonly activity$?: Observable<boolean> | undefined
}
