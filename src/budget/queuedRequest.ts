import { tap, type Observable, type Subscriber, type Unsubscribable } from 'rxjs'
import platform from '#platform'
import type { PolledUpload } from './polledUpload'
import type { Waiting } from './requestQueue'

/** The part of a request that a budget needs. */
export interface Queued extends Waiting {
  readonly state: 'queued' | 'running' | 'ended'
  start(): void
  /** Ends the request with an error while it is queued. */
  fail(defect: unknown): void
}

/**
 * A request of a budget: it is queued, then it runs, and it is released once, when it has ended or
 * its subscriber has unsubscribed. A class, so that thousands of instances share their methods.
 */
export class QueuedRequest<A> implements Queued, Unsubscribable {
  rank = 0
  order = 0
  index = -1
  takenBefore = 0
  readonly priority: number
  state: Queued['state'] = 'queued'
  /** Restores the context, because another caller may free the slot for this request. */
  readonly inContext = platform.context()

  constructor(
    readonly subscriber: Subscriber<A>,
    readonly request$: Observable<A>,
    readonly addedAt: number,
    readonly overdue: number,
    readonly upload: PolledUpload | undefined,
    readonly release: (request: Queued) => void,
  ) {
    this.priority = upload?.ref.priority ?? 0
    subscriber.add(this)
  }

  start(): void {
    const end = (): void => {
      this.state = 'ended'
    }
    this.state = 'running'
    // Added after the request, so that the request has stopped before another one takes its slot.
    this.subscriber.remove(this)
    // Subscribes the subscriber itself: if it unsubscribes on a synchronous value, nothing more
    // starts.
    this.inContext(() => {
      this.request$.pipe(tap({ complete: end, error: end })).subscribe(this.subscriber)
    })
    this.subscriber.add(this)
  }

  fail(defect: unknown): void {
    this.subscriber.error(defect)
  }

  unsubscribe(): void {
    this.release(this)
  }
}
