import type { Settings } from './checkOptions'
import { createCredits, type Credits } from './creditBalance'
import { statusPath } from './http/route'
import type { MediaSource } from './platform/imitatedPlatform'
import { platformOf } from './platform/imitatedPlatforms'
import { seededHex } from './seededRandom'
import { createUploadStore, type Upload, type UploadStore } from './uploads'
import type { DeliveryEvent } from './webhooks/deliveries'
import { createWebhooks, type Webhooks } from './webhooks/webhooks'

/** The state of a running sandbox, which every answer is made from. */
export interface SandboxState {
  readonly settings: Settings
  /** The origin of every `polling_url`. */
  readonly origin: string
  readonly uploads: UploadStore
  readonly credits: Credits
  readonly webhooks: Webhooks
  /** Draws an id that no stored upload has, for an upload of an account. */
  readonly nextId: (account: string) => string
  readonly pollingUrl: (upload: Pick<Upload, 'account' | 'id'>) => string
  readonly mediaSource: (upload: Upload) => MediaSource
}

// The date of the vendor's example. Media dates count from it, so equal seeds give equal media.
const calendarStart = Date.UTC(2026, 3, 3, 16, 18, 5)

/**
 * Creates the state of a sandbox without uploads.
 *
 * @param on receives every attempt to deliver an event, and every warning about webhooks
 */
export const createState = (
  settings: Settings,
  origin: string,
  on: (event: DeliveryEvent) => void,
): SandboxState => {
  const { seed, clock, maxUploads, credits } = settings
  const startedAt = clock()
  const uploads = createUploadStore(maxUploads)
  let drawn = 0
  const nextId = (account: string): string => {
    drawn += 1
    const digits = seededHex(seed, `upload ${String(drawn)}`).slice(0, 32)
    const id = platformOf(account).uploadPrefix + digits
    return uploads.has(id) ? nextId(account) : id
  }
  return {
    settings,
    origin,
    uploads,
    credits: createCredits(credits),
    webhooks: createWebhooks(settings.webhooks, {
      clock,
      hex: label => seededHex(seed, label),
      on,
    }),
    nextId,
    pollingUrl: ({ account, id }) => origin + statusPath(account, id),
    mediaSource: ({ account, id, endpoint, fileName, acceptedAt, creditsUsed }) => ({
      account,
      upload: id,
      endpoint,
      fileName,
      createdAt: calendarStart + acceptedAt - startedAt,
      creditsUsed,
      hex: label => seededHex(seed, `${id} ${label}`),
    }),
  }
}
