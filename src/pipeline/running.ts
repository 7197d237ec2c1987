import type { Either } from 'fp-ts/Either'
import type { Observer, Subscription } from 'rxjs'
import type { Failure } from '../model/failure'
import type { UploadRef } from '../model/identifier'
import type { UploadStatus } from '../model/uploadStatus'
import type { Answer } from './answer'
import type { InContext } from './context'
import type { Due } from './dueQueue'
import type { Watch } from './transition'

/** An upload to watch, and how long it is expected to take, in milliseconds. */
export interface ExpectedUpload extends UploadRef {
  /**
   * Milliseconds that the upload will take by your estimate, for instance from the size of the file.
   * Under a tight budget its polls are saved until its end is likely.
   */
  readonly hint?: number | undefined
}

/** What one watch emits. */
export type Watched = Either<Failure, UploadStatus>

/** Receives the values of one watch. */
export interface Watcher extends Observer<Watched> {
  /** The context in which requests are made, and the watcher is called. */
  readonly inContext: InContext
}

/**
 * One watch that runs. It is waiting, or asking, or paused, and due at its deadline at least. It
 * observes its own attempts.
 */
export interface Running extends Due, Observer<Either<Failure, Answer>> {
  readonly ref: ExpectedUpload
  readonly observer: Watcher
  /** On the clock. */
  readonly startedAt: number
  watch: Watch
  /** The attempt that is queued or in flight. */
  asking: Subscription | null
  isPaused: boolean
  isOver: boolean
}
