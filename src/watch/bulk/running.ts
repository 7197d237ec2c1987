import type { Either } from 'fp-ts/Either'
import type { Observer, Subscription } from 'rxjs'
import type { Answer } from '../../api/answer'
import type { ExpectedUpload } from '../../api/uploadRef'
import type { Failure } from '../../failure/failure'
import type { InContext } from '../../runtime/context'
import type { Watched } from '../event'
import type { Due } from './dueQueue'
import type { Watch } from '../watchState'

/** Receives the values of one watch. */
export interface Watcher extends Observer<Watched> {
  /** The context in which requests are made and the watcher is called. */
  readonly inContext: InContext
}

/**
 * A running watch: it waits, polls, or is paused. It observes its own attempts.
 */
export interface Running extends Due, Observer<Either<Failure, Answer>> {
  /** The upload. Its priority may change. */
  ref: ExpectedUpload
  readonly observer: Watcher
  /** The start, on the clock. */
  readonly startedAt: number
  watch: Watch
  /** The attempt that is queued or in flight. */
  asking: Subscription | null
  isPaused: boolean
  /** Notifies the push source that the watch is over; null before `opened` was called. */
  close: (() => void) | null
  isOver: boolean
}
