import type { Either } from 'fp-ts/Either'
import type { UploadStatus } from '../api/status'
import type { UploadRef } from '../api/uploadRef'
import type { Failure } from '../failure/failure'

/** What one watch emits. */
export type Watched = Either<Failure, UploadStatus>

/** A request starts. */
export interface AttemptStarted {
  readonly _tag: 'AttemptStarted'
  /** Counted from 1 over the whole watch. */
  readonly attempt: number
  /** Milliseconds after it was due, which it waited for the budget. */
  readonly late: number
}

/** The server gave a status: as the answer to an attempt, or through `push`. */
export interface StatusReceived {
  readonly _tag: 'StatusReceived'
  readonly status: UploadStatus['status']
  readonly via: 'poll' | 'push'
}

/**
 * The server said a word that this version does not know, and `onUnknownStatus` is `'continue'`.
 * Nothing is emitted, and the watch goes on.
 */
export interface StatusUnknown {
  readonly _tag: 'StatusUnknown'
  /** The word, as the server wrote it. */
  readonly status: string
}

/** An answer says how many credits the team has. Nothing here depends on them. */
export interface CreditsReported {
  readonly _tag: 'CreditsReported'
  /** What the request cost, as the server wrote it; null if it did not say. */
  readonly used: string | null
  /** What is left, as the server wrote it; null if it did not say. */
  readonly balance: string | null
}

/** The attempt that ran ended without a status. */
export interface AttemptFailed {
  readonly _tag: 'AttemptFailed'
  readonly failure: Failure
}

/** The next attempt repeats one that failed. */
export interface RetryScheduled {
  readonly _tag: 'RetryScheduled'
  /** Milliseconds from now. */
  readonly wait: number
  /** Retries spent in a row; a `429` and a 404 within its grace spend none. */
  readonly retries: number
}

/** The next poll is scheduled. */
export interface PollScheduled {
  readonly _tag: 'PollScheduled'
  /** Milliseconds from now. */
  readonly wait: number
  /** Polls answered so far. */
  readonly polls: number
}

/** `activity$` said `false`: timer and request are stopped. */
export interface Paused {
  readonly _tag: 'Paused'
}

/** `activity$` said `true` again: the next poll starts when it is due, or soon where that has passed. */
export interface Resumed {
  readonly _tag: 'Resumed'
}

/** The server answered an earlier status than before. That is not emitted, and the watch goes on. */
export interface StatusRegressed {
  readonly _tag: 'StatusRegressed'
  readonly from: UploadStatus['status']
  readonly to: UploadStatus['status']
}

/**
 * What a push source emitted was ignored. An upload that is watched is named by `account` and
 * `upload`; otherwise they are what was pushed, as far as they are texts, and `at` is 0.
 */
export interface PushIgnored {
  readonly _tag: 'PushIgnored'
  /** `malformed`: it is no status of the upload. `unwatched`: no watch here is of the upload. */
  readonly reason: 'malformed' | 'unwatched'
  /** Where the status is malformed and what was expected. Never what was there. */
  readonly problems: ReadonlyArray<{ readonly path: string; readonly expected: string }>
}

/**
 * `activity$`, `poll$` or an observable of `push` ended with an error, or a function of `push` threw.
 * The watch goes on without it.
 */
export interface SourceFailed {
  readonly _tag: 'SourceFailed'
  readonly source: 'activity$' | 'poll$' | 'push'
}

/** A poll found the status unchanged for `stalledAfter`. Reported once for each status. */
export interface Stalled {
  readonly _tag: 'Stalled'
  readonly status: UploadStatus['status']
  /** Milliseconds since the status last changed, when that poll started. */
  readonly unchangedFor: number
}

/** The watch ended with an answer, or with the failure to get one. */
export interface Settled {
  readonly _tag: 'Settled'
  readonly value: Either<Failure, UploadStatus>
}

/**
 * The watch stopped before its end: its last subscriber left, or a worker put the upload back into its
 * queue. The last event of a watch is this one or `Settled`.
 */
export interface Stopped {
  readonly _tag: 'Stopped'
}

/** What happened in a watch between its values. */
export type Happening =
  | AttemptStarted
  | StatusReceived
  | StatusUnknown
  | CreditsReported
  | AttemptFailed
  | RetryScheduled
  | PollScheduled
  | Paused
  | Resumed
  | StatusRegressed
  | Stalled
  | PushIgnored
  | SourceFailed
  | Settled
  | Stopped

/** A {@link Happening}, with the upload and the milliseconds since its watch started. */
export type WatchEvent = Happening &
  UploadRef & {
    /** Milliseconds since the start of the watch. */
    readonly at: number
  }

/** A value of a watch, or an event. */
export type News = Either<Failure, UploadStatus> | Happening

/**
 * Whether a watch goes on with what it did before, if this does not end it. Else it asks from
 * `AttemptStarted` on, stands still from `Paused` on, and does neither from any other on.
 *
 * The end of an attempt shows in what follows in the same turn: `PollScheduled`, `RetryScheduled`
 * or `Settled`. A status alone may have been pushed.
 */
export const goesOn = ({ _tag }: News): boolean =>
  // Short, since a page loads this: Right, StatusReceived, StatusRegressed, Stalled, AttemptFailed,
  // SourceFailed, PushIgnored, StatusUnknown, CreditsReported.
  /Right|Status|Stalled|Failed|Ignored|Credits/.test(_tag)
