import type { ExpectedUpload } from '../../../src/api/uploadRef'
import type { UploadStatus } from '../../../src/api/status'
import { direct } from '../../../src/runtime/context'
import { after } from '../../../src/runtime/wait'
import type { Watcher } from '../../../src/watch/bulk/running'
import type { Follower, Shareable } from '../../../src/watch/bulk/sharedWatch'
import type { ShareableWatches } from '../../../src/watch/bulk/sharedWatches'

/** A watch that makes no request: a test drives it. */
export interface Fake extends Shareable {
  readonly ref: ExpectedUpload
  readonly observer: Watcher
  watch: { attempts: number; status: UploadStatus | null }
  asking: unknown
}

/** Watches that make no request, and those that are running now. */
export const fakeWatches = (): { watches: ShareableWatches<Fake>; running: Map<string, Fake> } => {
  const running = new Map<string, Fake>()
  return {
    running,
    watches: {
      start: (ref, observer) => {
        const watch = { attempts: 0, status: null }
        const fake: Fake = { ref, observer, watch, asking: null }
        running.set(ref.upload, fake)
        return fake
      },
      stop: ({ ref }) => {
        running.delete(ref.upload)
      },
      after,
    },
  }
}

const nothing = (): void => undefined

export const followerOf = (members: Partial<Follower> = {}): Follower => ({
  inContext: direct,
  startedAt: 0,
  next: nothing,
  complete: nothing,
  error: nothing,
  ...members,
})

export const refOf = (nth: number): ExpectedUpload => ({
  account: 'acct_1',
  upload: `u${String(nth)}`,
})
