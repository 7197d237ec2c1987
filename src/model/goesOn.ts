import type { Either } from 'fp-ts/Either'
import type { Happening } from './event'
import type { Failure } from './failure'
import type { UploadStatus } from './uploadStatus'

/** What can be learned of an upload: a value of its watch, or an event. */
export type News = Either<Failure, UploadStatus> | Happening

/**
 * Whether a watch goes on with what it did before, if this does not end it. Else it asks from
 * `AttemptStarted` on, stands still from `Paused` on, and does neither from any other on.
 *
 * That an attempt ended is told by what follows in the same turn: `PollScheduled`, `RetryScheduled`
 * or `Settled`. A status alone may have been pushed.
 */
export const goesOn = ({ _tag }: News): boolean =>
  // Short, since a page loads this: Right, StatusReceived, StatusRegressed, AttemptFailed,
  // SourceFailed, PushIgnored.
  /Right|Status|Failed|Ignored/.test(_tag)
