import type { PlatformName } from '../../api/platformApi'
import type { Endpoint } from '../scenario/answers'

/** A path that the sandbox serves, with its parameters in braces. */
export type PathTemplate =
  | '/api/{account}/media/vault'
  | '/api/{account}/media/upload'
  | '/api/{account}/media/uploads/{upload}/status'
  | '/api/fansly/{account}/vault/media/upload'
  | '/api/fansly/{account}/media/upload'
  | '/api/fansly/{account}/media/uploads/{upload}/status'
  | WebhookPath

/** A path of the webhooks, with its parameters in braces. */
export type WebhookPath =
  | '/api/webhooks'
  | '/api/webhooks/events'
  | '/api/webhooks/{webhook}'
  | '/api/webhooks/{webhook}/deliveries'
  | '/api/webhooks/{webhook}/deliveries/{delivery}/redeliver'

/** The members of a JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The values that determine the media of an upload. */
export interface MediaSource {
  readonly account: string
  readonly upload: string
  readonly endpoint: Endpoint
  readonly fileName: string
  /** Milliseconds of the Unix epoch. */
  readonly createdAt: number
  readonly creditsUsed: number
  /** Returns 64 hex digits that depend on the seed, the upload and the label alone. */
  readonly hex: (label: string) => string
}

/** What differs between the platforms. */
export interface Platform {
  readonly name: PlatformName
  /** The beginning of its upload ids. */
  readonly uploadPrefix: string
  readonly startPaths: Readonly<Record<Endpoint, PathTemplate>>
  readonly statusPath: PathTemplate
  /** Checks the fields that only this platform has. Returns the message of a 422, or null. */
  readonly checkFields: (endpoint: Endpoint, fields: ReadonlyMap<string, unknown>) => string | null
  /** The members of a `completed` status, without `status` and `prefixed_id`. */
  readonly completed: (source: MediaSource) => JsonObject
  /** The body of the answer to a POST without `async`. `meta` is added where the API has one. */
  readonly finished: (source: MediaSource, meta: JsonObject) => JsonObject
}

/** Whether a field of a form was left out or left empty. */
export const isEmpty = (field: unknown): boolean =>
  field === undefined || field === null || field === ''

const videos = ['mp4', 'mov', 'm4v', 'webm', 'avi', 'mkv']
const audios = ['mp3', 'wav', 'm4a', 'ogg', 'aac']

/** Returns the kind of a file, by the extension of its name. */
export const fileKind = (fileName: string): 'photo' | 'video' | 'audio' | 'gif' => {
  const extension = extensionOf(fileName)
  if (videos.includes(extension)) return 'video'
  if (audios.includes(extension)) return 'audio'
  return extension === 'gif' ? 'gif' : 'photo'
}

/** Returns the extension of a file name in lower case; a name without one is returned itself. */
export const extensionOf = (fileName: string): string =>
  fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()
