import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { isCdnMedia } from '../../api/media'
import { isRecord } from '../../api/parseJson'
import { mediaId } from '../../api/platforms'
import type { CompletedUpload, UploadStatus } from '../../api/status'
import { describe } from '../../failure/match'
import type { Failure } from '../../failure/failure'
import type { WatchEvent } from '../../watch/event'
import { formatFailure } from './format'
import { sanitize } from './text'

/** The current activity of a watch, or its result. */
export type Activity =
  /** A request is due and waits for the budget to admit it. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'requesting' }
  | { readonly kind: 'scheduled'; readonly at: number }
  | { readonly kind: 'retrying'; readonly at: number; readonly reason: string }
  | { readonly kind: 'settled'; readonly at: number; readonly result: string }

/** The states of an upload, in the order in which it passes them. Each is a count of the totals. */
export const phases = [
  'waiting',
  'pending',
  'processing',
  'completed',
  'failed',
  'unknown',
] as const

export type Phase = (typeof phases)[number]

/** The row of one upload in a display. Times are milliseconds of the display's clock. */
export interface Row {
  readonly name: string
  readonly state: Phase
  readonly startedAt: number
  readonly attempts: number
  /** Requests whose answer contained a status. */
  readonly polls: number
  readonly retries: number
  /** The failure of the latest failed attempt. */
  readonly lastFailure: string
  readonly activity: Activity
}

/** The row of an upload before its first request. */
export const newRow = (name: string, now: number): Row => ({
  name,
  state: 'waiting',
  startedAt: now,
  attempts: 0,
  polls: 0,
  retries: 0,
  lastFailure: '',
  activity: { kind: 'queued' },
})

/** Updates a row with an event of its watch. */
export const rowAfterEvent = (row: Row, event: WatchEvent, now: number): Row => {
  switch (event._tag) {
    case 'AttemptStarted':
      return { ...row, attempts: event.attempt, activity: { kind: 'requesting' } }
    case 'StatusReceived':
      return { ...row, polls: row.polls + 1 }
    case 'AttemptFailed':
      return { ...row, lastFailure: formatFailure(event.failure) }
    case 'PollScheduled':
      return { ...row, activity: { kind: 'scheduled', at: now + event.wait } }
    case 'RetryScheduled':
      return {
        ...row,
        retries: row.retries + 1,
        activity: { kind: 'retrying', at: now + event.wait, reason: row.lastFailure },
      }
    case 'Paused':
    case 'Resumed':
    case 'StatusRegressed':
    case 'StatusUnknown':
    case 'CreditsReported':
    case 'PushIgnored':
    case 'SourceFailed':
    case 'Settled':
    case 'Stalled':
    case 'Stopped':
      return row
  }
}

/** Updates a row with a status, or with the failure that ended its watch. */
export const rowAfterStatus = (
  row: Row,
  result: Either<Failure, UploadStatus>,
  now: number,
): Row => {
  const settle = (state: Phase, text: string): Row => ({
    ...row,
    state,
    activity: { kind: 'settled', at: now, result: sanitize(text) },
  })
  if (E.isLeft(result)) return settle('unknown', describe(result.left))
  const status = result.right
  switch (status.status) {
    case 'pending':
    case 'processing':
      return { ...row, state: status.status }
    case 'completed':
      return settle(status.status, describeMedia(status))
    case 'failed':
      return settle(status.status, status.error)
  }
}

// Anyone who knows the id of a CDN media can use it, so it is not shown.
const describeMedia = (upload: CompletedUpload): string => {
  if (isCdnMedia(upload.media)) return 'media for one post or message'
  const { type } = isRecord(upload.media) ? upload.media : {}
  return `${typeof type === 'string' ? type : 'media'} ${String(mediaId(upload))} in the vault`
}

/** How long an upload has been watched, in milliseconds. */
export const rowAge = ({ startedAt, activity }: Row, now: number): number =>
  (activity.kind === 'settled' ? activity.at : now) - startedAt
