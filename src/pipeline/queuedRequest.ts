import type { Observable, Observer, Subscriber, Unsubscribable } from 'rxjs'
import type { Ranked } from './heap'

/** The part of a request that a budget needs, whatever the request emits. */
export interface Queued extends Ranked {
  readonly state: 'queued' | 'running' | 'ended'
  start(): void
}

/**
 * A request of a budget: it is queued, then it runs, and it is released once, when it has ended or
 * its subscriber has unsubscribed. A class, so that thousands of instances share their methods.
 */
export class QueuedRequest<A> implements Queued, Observer<A>, Unsubscribable {
  rank = 0
  order = 0
  place = -1
  state: Queued['state'] = 'queued'
  request: Unsubscribable | null = null

  constructor(
    readonly subscriber: Subscriber<A>,
    readonly request$: Observable<A>,
    readonly release: (request: Queued) => void,
  ) {
    subscriber.add(this)
  }

  start(): void {
    this.state = 'running'
    this.request = this.request$.subscribe(this)
    // The subscriber may have unsubscribed on a value that came in this turn.
    if (this.subscriber.closed) this.request.unsubscribe()
  }

  next(value: A): void {
    this.subscriber.next(value)
  }

  error(error: unknown): void {
    this.state = 'ended'
    this.subscriber.error(error)
  }

  complete(): void {
    this.state = 'ended'
    this.subscriber.complete()
  }

  unsubscribe(): void {
    this.request?.unsubscribe()
    this.release(this)
  }
}
