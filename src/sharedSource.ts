import { Observable, type ObservableInput } from 'rxjs'
import platform from '#platform'
import type { TrackedStatus, UploadEntry } from './api/uploadRef'
import { members } from './failure/checked'
import { cancelled } from './failure/failure'
import { onAbortOrAborted, reasonOf } from './http/aborted'
import { settingsOf } from './options'
import { monotonic } from './runtime/clock'
import type { FollowOptions, UploadStatusSource } from './source'
import { trackedStatuses$ } from './uploadStatuses'
import type { Follower } from './watch/bulk/sharedWatch'
import type { SharedWatches } from './watch/bulk/sharedWatches'
import type { Watched } from './watch/event'

/** Milliseconds that a watch outlives its last subscriber, so that a re-render does not restart it. */
export const grace = 250

/** The rest of a watch's options is for all subscribers that share it. */
const followOptionsOf = (options: FollowOptions = {}): FollowOptions => {
  members(options, 'options', ['on', 'signal'])
  const { on, signal } = settingsOf(options)
  return { on, signal }
}

/** A source from whose streams uploads can be removed. */
export interface SharedSource extends UploadStatusSource {
  readonly uploadStatuses$: (
    uploads: ObservableInput<UploadEntry | readonly UploadEntry[]>,
    options?: FollowOptions,
  ) => Observable<TrackedStatus>
}

/** A source of what becomes of uploads, on watches that its subscribers share. */
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
