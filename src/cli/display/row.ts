import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { describe } from '../../model/describe'
import type { WatchEvent } from '../../model/event'
import type { Failure } from '../../model/failure'
import { isVaultMedia } from '../../model/media'
import type { CompletedUpload, UploadStatus } from '../../model/uploadStatus'
import { printable } from '../printable'
import { reason } from '../reason'

/** What a watch is about to do, or what came of it. */
export type Activity =
  /** Due, and waiting for its turn in the budget. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'scheduled'; readonly at: number }
  | { readonly kind: 'retrying'; readonly at: number; readonly because: string }
  | { readonly kind: 'settled'; readonly at: number; readonly result: string }

/** What is known of one upload. Times are milliseconds of the display's clock. */
export interface Row {
  readonly name: string
  readonly state: 'waiting' | UploadStatus['status'] | 'unlearned'
  readonly since: number
  readonly attempts: number
  /** Answers that gave a status. */
  readonly polls: number
  readonly retries: number
  /** What befell the latest attempt that failed. */
  readonly trouble: string
  readonly activity: Activity
}

/** An upload of which nothing is known yet. */
export const newRow = (name: string, now: number): Row => ({
  name,
  state: 'waiting',
  since: now,
  attempts: 0,
  polls: 0,
  retries: 0,
  trouble: '',
  activity: { kind: 'queued' },
})

/** The row after an event of its watch. */
export const afterEvent = (row: Row, event: WatchEvent, now: number): Row => {
  switch (event._tag) {
    case 'AttemptStarted':
      return { ...row, attempts: event.attempt, activity: { kind: 'asking' } }
    case 'StatusReceived':
      return { ...row, polls: row.polls + 1 }
    case 'AttemptFailed':
      return { ...row, trouble: reason(event.failure) }
    case 'PollScheduled':
      return { ...row, activity: { kind: 'scheduled', at: now + event.wait } }
    case 'RetryScheduled':
      return {
        ...row,
        retries: row.retries + 1,
        activity: { kind: 'retrying', at: now + event.wait, because: row.trouble },
      }
    case 'Paused':
    case 'Resumed':
    case 'StatusRegressed':
    case 'PushIgnored':
    case 'SourceFailed':
    case 'Settled':
      return row
  }
}

/** The row after a value of its watch. */
export const afterValue = (row: Row, value: Either<Failure, UploadStatus>, now: number): Row => {
  const settled = (state: Row['state'], result: string): Row => ({
    ...row,
    state,
    activity: { kind: 'settled', at: now, result: printable(result) },
  })
  if (E.isLeft(value)) return settled('unlearned', describe(value.left))
  const status = value.right
  switch (status.status) {
    case 'pending':
    case 'processing':
      return { ...row, state: status.status }
    case 'completed':
      return settled(status.status, resultOf(status))
    case 'failed':
      return settled(status.status, status.error)
  }
}

// The id of a CDN media is a capability: it is not shown.
const resultOf = ({ media }: CompletedUpload): string =>
  isVaultMedia(media)
    ? `${media.type ?? 'media'} ${String(media.id)} in the vault`
    : 'media for one post or message'

/** How long a row was watched, in milliseconds. */
export const ageOf = ({ since, activity }: Row, now: number): number =>
  (activity.kind === 'settled' ? activity.at : now) - since
