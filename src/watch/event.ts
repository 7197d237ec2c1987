import type { Either } from 'fp-ts/Either'
import type { UploadStatus } from '../api/status'
import type { UploadRef } from '../api/uploadRef'
import type { Failure } from '../failure/failure'

/** A value of a watch. */
export type Watched = Either<Failure, UploadStatus>

/** A request started. */
export interface AttemptStarted {
  readonly _tag: 'AttemptStarted'
  /** The number of the attempt, from 1, over the whole watch. */
  readonly attempt: number
  /** Milliseconds since it was due, spent waiting for the budget. */
  readonly late: number
}

/** The server reported a status: as the answer to an attempt, or through `push`. */
export interface StatusReceived {
  readonly _tag: 'StatusReceived'
  readonly status: UploadStatus['status']
  readonly via: 'poll' | 'push'
}

/**
 * The server reported a status that this version does not know, and `onUnknownStatus` is `'continue'`.
 * Nothing is emitted, and the watch continues.
 */
export interface StatusUnknown {
  readonly _tag: 'StatusUnknown'
  /** The status as the server wrote it. */
  readonly status: string
}

/** An answer stated the team's credits. They do not affect the watch. */
export interface CreditsReported {
  readonly _tag: 'CreditsReported'
  /** The cost of the request, as the server wrote it; null if it is not stated. */
  readonly used: string | null
  /** The credits left, as the server wrote them; null if they are not stated. */
  readonly balance: string | null
}

/** An attempt ended without a status. */
export interface AttemptFailed {
  readonly _tag: 'AttemptFailed'
  readonly failure: Failure
}

/** A retry of the failed attempt was scheduled. */
export interface RetryScheduled {
  readonly _tag: 'RetryScheduled'
  /** Milliseconds from now. */
  readonly wait: number
  /** Consecutive retries spent. A `429`, and a 404 within its grace period, spend none. */
  readonly retries: number
}

/** The next poll was scheduled. */
export interface PollScheduled {
  readonly _tag: 'PollScheduled'
  /** Milliseconds from now. */
  readonly wait: number
  /** Polls answered so far. */
  readonly polls: number
}

/** `activity$` emitted `false`: the timer and the request were stopped. */
export interface Paused {
  readonly _tag: 'Paused'
}

/** `activity$` emitted `true` again: the next poll starts when it is due, or soon if it is overdue. */
export interface Resumed {
  readonly _tag: 'Resumed'
}

/** The server reported an earlier status than before. It is not emitted, and the watch continues. */
export interface StatusRegressed {
  readonly _tag: 'StatusRegressed'
  readonly from: UploadStatus['status']
  readonly to: UploadStatus['status']
}

/**
 * A value from a push source was ignored. If the upload is watched, `account` and `upload` name it.
 * Otherwise they are the pushed members, or empty if those are not strings, and `at` is 0.
 */
export interface PushIgnored {
  readonly _tag: 'PushIgnored'
  /** `malformed`: not a status of the upload. `unwatched`: nothing here watches the upload. */
  readonly reason: 'malformed' | 'unwatched'
  /** The paths of the problems with the expected type of each. Never the values. */
  readonly problems: ReadonlyArray<{ readonly path: string; readonly expected: string }>
}

/**
 * `activity$`, `poll$` or an observable of `push` errored, or a function of `push` threw. The watch
 * continues without it.
 */
export interface SourceFailed {
  readonly _tag: 'SourceFailed'
  readonly source: 'activity$' | 'poll$' | 'push'
}

/** A poll found the status unchanged for at least `stalledAfter`. Reported once for each status. */
export interface Stalled {
  readonly _tag: 'Stalled'
  readonly status: UploadStatus['status']
  /** Milliseconds since the status last changed, when that poll started. */
  readonly unchangedFor: number
}

/** The watch ended with a terminal status or a failure. */
export interface Settled {
  readonly _tag: 'Settled'
  readonly value: Either<Failure, UploadStatus>
}

/**
 * The watch stopped before its end: its last subscriber unsubscribed, or a worker put the upload back
 * into its queue. The last event of a watch is `Stopped` or `Settled`.
 */
export interface Stopped {
  readonly _tag: 'Stopped'
}

/** An event of a watch. */
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

/** A {@link Happening} with its upload and its time. */
export type WatchEvent = Happening &
  UploadRef & {
    /** Milliseconds since the start of the watch. */
    readonly at: number
  }

/** A value or an event of a watch. */
export type News = Either<Failure, UploadStatus> | Happening

/** The values and events that start or end the polling or a pause. */
const activityChanges: readonly string[] = [
  'AttemptStarted',
  'PollScheduled',
  'RetryScheduled',
  'Paused',
  'Resumed',
  'Settled',
  'Stopped',
  'Left',
] satisfies readonly News['_tag'][]

/**
 * Whether a watch does the same after a value or an event as before: wait, poll or pause. Otherwise
 * `AttemptStarted` starts polling, `Paused` starts a pause, and the others end both.
 *
 * The end of an attempt shows in the event that follows in the same turn: `PollScheduled`,
 * `RetryScheduled` or `Settled`. A status alone may have been pushed.
 */
export const keepsActivity = ({ _tag }: News): boolean => !activityChanges.includes(_tag)
