import type { Observable, Observer, Subscriber, Unsubscribable } from 'rxjs'
import type { Ranked } from './heap'

/** What a budget knows of a request. */
export interface Waiting extends Ranked {
  readonly state: 'waiting' | 'running' | 'ended'
  start(): void
}

/**
 * A request in a budget: it waits in the queue, and then holds a place until it ends. As many may
 * wait as there are watches: its methods are not its own.
 */
export class Place<A> implements Waiting, Observer<A>, Unsubscribable {
  rank = 0
  order = 0
  place = -1
  state: Waiting['state'] = 'waiting'
  request: Unsubscribable | null = null

  /** @param left is told once, when it has ended or whoever asked for it has unsubscribed */
  constructor(
    readonly subscriber: Subscriber<A>,
    readonly request$: Observable<A>,
    readonly left: (place: Waiting) => void,
  ) {
    subscriber.add(this)
  }

  start(): void {
    this.state = 'running'
    this.request = this.request$.subscribe(this)
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
    this.left(this)
  }
}
