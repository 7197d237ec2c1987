import { Observable, type ObservableInput } from 'rxjs'
import platform from '#platform'
import type { TrackedStatus, UploadEntry } from './api/uploadRef'
import { members } from './failure/checked'
import { cancelled } from './failure/failure'
import { onAbortOrAborted, reasonOf } from './http/aborted'
import { settingsOf } from './options'
import { monotonic } from './runtime/clock'
import type { FollowOptions, UploadStatusSource } from './source'
import { trackedStatuses$ } from './trackedStatuses'
import type { Follower } from './watch/bulk/sharedWatch'
import type { SharedWatches } from './watch/bulk/sharedWatches'
import type { Watched } from './watch/event'

/** Milliseconds that a watch outlives its last subscriber, so that a re-render does not restart it. */
export const grace = 250

/** Checks the options of one subscriber. All other options belong to the shared watch. */
const followOptionsOf = (options: FollowOptions = {}): FollowOptions => {
  members(options, 'options', ['on', 'signal'])
  const { on, signal } = settingsOf(options)
  return { on, signal }
}

/** A source whose streams also accept removals of uploads. */
export interface SharedSource extends UploadStatusSource {
  readonly uploadStatuses$: (
    uploads: ObservableInput<UploadEntry | readonly UploadEntry[]>,
    options?: FollowOptions,
  ) => Observable<TrackedStatus>
}

/** Creates a source whose subscribers share watches. */
export const sharedSource = (
  sharedBy: () => SharedWatches,
  activity$?: UploadStatusSource['activity$'],
): SharedSource => ({
  activity$,
  uploadStatus$: (account, upload, options) => {
    const { on, signal } = followOptionsOf(options)
    return new Observable<Watched>(subscriber => {
      const shared = sharedBy()
      const follower: Follower = {
        on,
        signal,
        inContext: platform.context(),
        startedAt: monotonic(),
        next: (_, value) => {
          subscriber.next(value)
        },
        complete: () => {
          subscriber.complete()
        },
        error: defect => {
          subscriber.error(defect)
        },
      }
      shared.follow({ account, upload }, follower)
      subscriber.add(() => {
        shared.leave(follower)
      })
      subscriber.add(
        onAbortOrAborted(signal, () => {
          shared.cancel(follower, cancelled(reasonOf(signal)))
        }),
      )
    })
  },
  uploadStatuses$: (uploads, options) =>
    trackedStatuses$(uploads, sharedBy, followOptionsOf(options)),
})
