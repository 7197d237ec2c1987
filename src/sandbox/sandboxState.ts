import type { Settings } from './checkOptions'
import type { MediaSource } from './finishedMedia'
import { statusPath } from './http/route'
import { seededHex } from './seededRandom'
import { createUploadStore, type Upload, type UploadStore } from './uploads'

/** The state of a running sandbox, which every answer is made from. */
export interface SandboxState {
  readonly settings: Settings
  /** The origin of every `polling_url`. */
  readonly origin: string
  readonly uploads: UploadStore
  /** Draws an id that no stored upload has, in the form of the account's platform. */
  readonly nextId: (account: string) => string
  readonly pollingUrl: (upload: Pick<Upload, 'account' | 'id'>) => string
  readonly mediaSource: (upload: Upload) => MediaSource
}

// The date of the vendor's example. Media dates count from it, so equal seeds give equal media.
const calendarStart = Date.UTC(2026, 3, 3, 16, 18, 5)

/** Creates the state of a sandbox without uploads. */
export const createState = (settings: Settings, origin: string): SandboxState => {
  const { seed, clock, maxUploads } = settings
  const startedAt = clock()
  const uploads = createUploadStore(maxUploads)
  let drawn = 0
  const nextId = (account: string): string => {
    drawn += 1
    const hex = seededHex(seed, `upload ${String(drawn)}`).slice(0, 32)
    const id = `${account.startsWith('fansly_') ? 'fansly' : 'ofapi'}_media_${hex}`
    return uploads.has(id) ? nextId(account) : id
  }
  return {
    settings,
    origin,
    uploads,
    nextId,
    pollingUrl: ({ account, id }) => origin + statusPath(account, id),
    mediaSource: ({ id, endpoint, fileName, acceptedAt }) => ({
      seed,
      upload: id,
      endpoint,
      fileName,
      createdAt: calendarStart + acceptedAt - startedAt,
    }),
  }
}
