import { isRecord } from '../../api/parseJson'
import type { UploadRef } from '../../api/uploadRef'

// The messages between tabs. The name of their channel contains the version of the messages, and all
// else that must be equal in two tabs. Each message is decoded: any script of the origin can send one.

/** The version of the messages. Tabs with another one have another channel. */
export const messagesVersion = 1

/** A tab asks the leader for uploads. They replace those of its last ask with this id; none to leave. */
export interface Ask {
  readonly id: string
  /** The lock that the tab holds while it is alive. */
  readonly lock: string
  readonly refs: readonly UploadRef[]
}

/**
 * The leader answers an ask: `data` is a status in the form of the relay, empty if the ask was accepted,
 * and null after a bug there. Without an id it announces a new leader, so that all tabs ask again.
 */
export interface Answer {
  readonly id: string | null
  readonly data: string | null
}

const isRef = (value: unknown): value is UploadRef =>
  isRecord(value) && typeof value['account'] === 'string' && typeof value['upload'] === 'string'

export const readAsk = (message: unknown): Ask | null => {
  if (!isRecord(message)) return null
  const { id, lock, refs } = message
  return typeof id === 'string' &&
    typeof lock === 'string' &&
    Array.isArray(refs) &&
    refs.every(isRef)
    ? { id, lock, refs }
    : null
}

const isTextOrNull = (value: unknown): value is string | null =>
  typeof value === 'string' || value === null

export const readAnswer = (message: unknown): Answer | null => {
  if (!isRecord(message)) return null
  const { id, data } = message
  return isTextOrNull(id) && isTextOrNull(data) ? { id, data } : null
}
