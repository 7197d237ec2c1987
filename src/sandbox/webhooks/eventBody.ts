import { isRecord } from '../../api/parseJson'
import type { JsonObject } from '../platform/imitatedPlatform'
import type { Spelling } from './plan'

/** The end of an upload. */
export type End = 'completed' | 'failed'

/** The name of the event of an end. */
export type EventName = 'media_uploads.completed' | 'media_uploads.failed'

/** The events that a webhook can subscribe to. */
export const eventNames = ['media_uploads.completed', 'media_uploads.failed'] as const

export const eventNameOf = (end: End): EventName => `media_uploads.${end}`

/** The identity of a media: of the vault, or of a CDN upload. */
const mediaIdOf = (media: unknown): unknown =>
  isRecord(media) ? (media['id'] ?? media['prefixed_id']) : undefined

/** The payload of an event, from the body of the terminal status. */
const payloadOf = (
  status: JsonObject,
  account: string,
  end: End,
  spelling: Spelling,
  endedAt: number,
): JsonObject => {
  if (spelling === 'sdk') return status
  const ended = { id: status['prefixed_id'], account_id: account }
  return end === 'completed'
    ? {
        ...ended,
        media_id: mediaIdOf(status['media']),
        completed_at: new Date(endedAt).toISOString(),
      }
    : { ...ended, error: status['error'] }
}

/**
 * The body of an event. The vendor's PHP escapes each slash, so that JSON which is parsed and
 * serialised again has another signature.
 *
 * @param status the body of the terminal status
 * @param endedAt milliseconds of the Unix epoch
 */
export const eventBody = (
  status: JsonObject,
  account: string,
  end: End,
  spelling: Spelling,
  endedAt: number,
): string =>
  JSON.stringify({
    event: eventNameOf(end),
    account_id: account,
    payload: payloadOf(status, account, end, spelling, endedAt),
  }).replaceAll('/', '\\/')
