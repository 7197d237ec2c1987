import type { Settings } from './checkOptions'
import { createCredits, type Credits } from './creditBalance'
import { statusPath } from './http/route'
import type { MediaSource } from './platform/imitatedPlatform'
import { platformOf } from './platform/imitatedPlatforms'
import { createUploadStore, type Upload, type UploadStore } from './uploads'
import type { Pushes } from './webhooks/webhooks'

/** What differs between a sandbox that listens on a port and one in a page. */
export interface SandboxHost {
  /** Returns 64 hex digits that depend on the seed and the label alone. */
  readonly hex: (label: string) => string
  /** Sends the events of uploads. */
  readonly webhooks: Pushes
}

/** The state of a running sandbox, which every answer is made from. */
export interface SandboxState extends SandboxHost {
  readonly settings: Settings
  /** The origin of every `polling_url`. */
  readonly origin: string
  readonly uploads: UploadStore
  readonly credits: Credits
  /** Draws an id that no stored upload has, for an upload of an account. */
  readonly nextId: (account: string) => string
  readonly pollingUrl: (upload: Pick<Upload, 'account' | 'id'>) => string
  readonly mediaSource: (upload: Upload) => MediaSource
}

// The date of the vendor's example. Media dates count from it, so equal seeds give equal media.
const calendarStart = Date.UTC(2026, 3, 3, 16, 18, 5)

/** Creates the state of a sandbox without uploads. */
export const createState = (
  settings: Settings,
  origin: string,
  { hex, webhooks }: SandboxHost,
): SandboxState => {
  const { clock, maxUploads, credits } = settings
  const startedAt = clock()
  const uploads = createUploadStore(maxUploads)
  let drawn = 0
  const nextId = (account: string): string => {
    drawn += 1
    const digits = hex(`upload ${String(drawn)}`).slice(0, 32)
    const id = platformOf(account).uploadPrefix + digits
    return uploads.has(id) ? nextId(account) : id
  }
  return {
    settings,
    origin,
    hex,
    webhooks,
    uploads,
    credits: createCredits(credits),
    nextId,
    pollingUrl: ({ account, id }) => origin + statusPath(account, id),
    mediaSource: ({ account, id, endpoint, fileName, acceptedAt, creditsUsed }) => ({
      account,
      upload: id,
      endpoint,
      fileName,
      createdAt: calendarStart + acceptedAt - startedAt,
      creditsUsed,
      hex: label => hex(`${id} ${label}`),
    }),
  }
}
