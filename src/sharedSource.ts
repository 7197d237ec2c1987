import { Observable } from 'rxjs'
import platform from '#platform'
import { members } from './failure/checked'
import { settingsOf } from './options'
import type { FollowOptions, UploadStatusSource } from './source'
import { trackedStatuses$ } from './uploadStatuses'
import type { Follower } from './watch/bulk/sharedWatch'
import type { SharedWatches } from './watch/bulk/sharedWatches'
import type { Watched } from './watch/event'

/** Milliseconds that a watch outlives its last subscriber, so that a re-render does not restart it. */
export const grace = 250

/** The rest of a watch's options is for all who share it. */
const onOf = (options: FollowOptions | undefined): FollowOptions['on'] => {
  if (options === undefined) return undefined
  members(options, 'options', ['on'])
  return settingsOf(options).on
}

/** A source of what becomes of uploads, on watches that its subscribers share. */
export const sharedSource = (
  sharedBy: () => SharedWatches,
  activity$?: UploadStatusSource['activity$'],
): UploadStatusSource => ({
  activity$,
  uploadStatus$: (account, upload, options) => {
    const on = onOf(options)
    return new Observable<Watched>(subscriber => {
      const shared = sharedBy()
      const follower: Follower = {
        on,
        inContext: platform.context(),
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
      return () => {
        shared.leave(follower)
      }
    })
  },
  uploadStatuses$: (uploads, options) => trackedStatuses$(uploads, sharedBy, onOf(options)),
})
