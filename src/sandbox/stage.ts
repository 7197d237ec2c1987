import type { MediaSource } from './media'
import { seededHex } from './seeded'
import type { Settings } from './settings'
import { boundedUploads, type Upload, type Uploads } from './uploads'

/** What every answer of one sandbox is made from. */
export interface Stage {
  readonly settings: Settings
  /** What `polling_url` begins with. */
  readonly origin: string
  readonly uploads: Uploads
  /** Draws an id that no upload has. */
  readonly nextId: () => string
  readonly mediaSource: (upload: Upload) => MediaSource
}

// The moment of the vendor's example, so that one seed gives one run to the letter.
const calendarStart = Date.UTC(2026, 3, 3, 16, 18, 5)

/** An empty stage. */
export const stageOf = (settings: Settings, origin: string): Stage => {
  const { seed, clock, maxUploads } = settings
  const openedAt = clock()
  const uploads = boundedUploads(maxUploads)
  let drawn = 0
  const nextId = (): string => {
    drawn += 1
    const id = `ofapi_media_${seededHex(seed, `upload ${String(drawn)}`).slice(0, 32)}`
    return uploads.has(id) ? nextId() : id
  }
  return {
    settings,
    origin,
    uploads,
    nextId,
    mediaSource: ({ id, endpoint, fileName, since }) => ({
      seed,
      upload: id,
      endpoint,
      fileName,
      createdAt: calendarStart + since - openedAt,
    }),
  }
}
