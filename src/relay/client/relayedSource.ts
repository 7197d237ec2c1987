import type { Either } from 'fp-ts/Either'
import type { Observable, ObservableInput } from 'rxjs'
import type { FanslyUploadStatus } from '../../api/fansly'
import type { FanslyId, PlatformName } from '../../api/platformApi'
import type { UploadStatusOf } from '../../api/platforms'
import type { UploadStatus } from '../../api/status'
import type {
  FanslyRef,
  RemovedUpload,
  TrackedStatus,
  UploadEntry,
  UploadRef,
} from '../../api/uploadRef'
import type { Failure } from '../../failure/failure'
import { grace, sharedSource } from '../../sharedSource'
import type { FollowOptions, UploadStatusSource } from '../../source'
import { trackedStatuses$ } from '../../trackedStatuses'
import {
  shareWatches,
  shareWatchesAndEvents,
  type SharedWatches,
} from '../../watch/bulk/sharedWatches'
import { relayedSettingsOf, type RelayedOptions, type RelayedSettings } from './clientOptions'
import type { OpenStream } from './openStream'
import { requestStream } from './streamEvents'
import { createRelayedWatches } from './relayedWatches'

/** Selects how to open a stream: with a request, or through the tab that has one for all tabs. */
const openerOf = (url: string, settings: RelayedSettings): OpenStream => {
  const { headers, silence, share } = settings
  const direct$ = requestStream(url, settings)
  if (share === undefined) return direct$
  // Whether a tab is active, and how long it waits, is for each tab to decide.
  const leader = { ...settings, activity$: undefined, deadline: Infinity, on: undefined }
  const source = (): UploadStatusSource => {
    const shared = shareWatches(createRelayedWatches(direct$, leader), grace)
    return sharedSource(() => shared)
  }
  return share({ url, headers, silence, direct: direct$, source })
}

const sharedOf = (url: string, settings: RelayedSettings, grace: number): (() => SharedWatches) => {
  if (typeof url !== 'string') throw new TypeError('url must be a string')
  const open$ = openerOf(url, settings)
  return () =>
    shareWatchesAndEvents(withEvents => createRelayedWatches(open$, withEvents), settings, grace)
}

/**
 * Watches an upload through a relay: the grammar of `uploadStatus$`, and no key in the page.
 *
 * ```
 * relay   pending  processing  (closed)           completed|
 * emits   pending  processing  ..reconnects..     completed|
 * ```
 *
 * - Each subscription has its own stream. To share streams among components, use `relayedSource`.
 * - A stream that is closed early, or silent for `silence` ms, reconnects after a backoff. The regular
 *   end of a stream spends no retry.
 * - Ends with `Left(Rejected)` (401, 403 or 404) if the relay denies the upload; with
 *   `Left(Unreachable)`, `TimedOut`, `Throttled` or `Unavailable` if the relay could not be reached in
 *   `retry.retries` consecutive retries; with `Left(Expired)` at the deadline; or with the failure of
 *   the relay's own watch.
 * - A hidden or offline page has no stream. On return it reconnects, at most once every 5 s.
 * - Unsubscribing aborts the stream.
 *
 * @param url of the relay; in a page it may be relative
 * @throws TypeError or RangeError that names the invalid option
 *
 * @example
 * relayedUploadStatus$('/uploads/live', 'acct_1', 'ofapi_media_1').subscribe(status => {
 *   console.log(status)
 * })
 */
export function relayedUploadStatus$(
  url: string,
  account: string,
  upload: FanslyId,
  options?: RelayedOptions,
): Observable<Either<Failure, FanslyUploadStatus>>
export function relayedUploadStatus$(
  url: string,
  account: string,
  upload: string,
  options?: RelayedOptions,
): Observable<Either<Failure, UploadStatus>>
export function relayedUploadStatus$(
  url: string,
  account: string,
  upload: string,
  options: RelayedOptions = {},
): Observable<Either<Failure, UploadStatusOf<PlatformName>>> {
  return sharedSource(sharedOf(url, relayedSettingsOf(options), 0)).uploadStatus$(account, upload)
}

/**
 * Watches many uploads through a relay, and merges their values into one stream, as `uploadStatuses$`
 * does. One connection carries up to 250 uploads. Unsubscribing aborts all of them.
 *
 * @param url of the relay; in a page it may be relative
 * @throws TypeError or RangeError that names the invalid option
 *
 * @example
 * const uploads = ['ofapi_media_1', 'ofapi_media_2'].map(upload => ({ account: 'acct_1', upload }))
 * relayedUploadStatuses$('/uploads/live', uploads).subscribe(({ upload, status }) => {
 *   console.log(upload, status._tag)
 * })
 */
export function relayedUploadStatuses$(
  url: string,
  uploads: ObservableInput<FanslyRef | RemovedUpload | ReadonlyArray<FanslyRef | RemovedUpload>>,
  options?: RelayedOptions,
): Observable<TrackedStatus<FanslyUploadStatus>>
export function relayedUploadStatuses$(
  url: string,
  uploads: ObservableInput<UploadRef | RemovedUpload | ReadonlyArray<UploadRef | RemovedUpload>>,
  options?: RelayedOptions,
): Observable<TrackedStatus>
export function relayedUploadStatuses$(
  url: string,
  uploads: ObservableInput<UploadRef | RemovedUpload | ReadonlyArray<UploadRef | RemovedUpload>>,
  options: RelayedOptions = {},
): Observable<TrackedStatus<UploadStatusOf<PlatformName>>> {
  return trackedStatuses$(uploads, sharedOf(url, relayedSettingsOf(options), 0))
}

/**
 * Creates a source whose subscribers share streams: a page with 500 components has two of them, because
 * one carries up to 250 uploads.
 *
 * - All subscribers of an upload share one watch. A late subscriber immediately receives the
 *   latest value, and after the end the terminal status.
 * - When uploads join or leave, a new connection is opened for all of them. The old one stays open until the
 *   relay accepts the new one, and the relay sends only what changed.
 * - A watch outlives its last subscriber by 250 ms, so that remounting costs nothing.
 * - With the option `tabs` all tabs of a browser share the streams too.
 * - `on` of the source receives the events of all watches, and `on` of a subscriber those of its own.
 *
 * @param url of the relay; in a page it may be relative
 * @throws TypeError or RangeError that names the invalid option
 *
 * @example
 * const source = relayedSource('/uploads/live')
 * source.uploadStatus$('acct_1', 'ofapi_media_1').subscribe(status => {
 *   console.log(status)
 * })
 */
export const relayedSource = (
  url: string,
  options: RelayedOptions = {},
): UploadStatusSource & {
  /** Watches many uploads, each once. `{ remove: ref }` in the input removes one. */
  readonly uploadStatuses$: (
    uploads: ObservableInput<UploadEntry | readonly UploadEntry[]>,
    options?: FollowOptions,
  ) => Observable<TrackedStatus>
} => {
  const settings = relayedSettingsOf(options)
  const shared = sharedOf(url, settings, grace)()
  return sharedSource(() => shared, settings.activity$)
}
