import { Subscription, type Observable } from 'rxjs'
import { onAbort } from '../../http/aborted'
import type { SourceFailed } from '../event'
import type { WatchSettings } from '../watchSettings'

/** What the sources that all watches share say to them. */
export interface SharedSources {
  /** `signal` was aborted. */
  readonly cancel: () => void
  readonly activate: (isActive: boolean) => void
  /** A status was pushed, or what the source of pushes takes for one. */
  readonly receive: (pushed: unknown) => void
  /** Whether pushes can be relied on. */
  readonly rely: (isAlive: boolean) => void
  readonly pollNow: () => void
  readonly failed: (source: SourceFailed['source']) => void
}

type Settings = Pick<WatchSettings, 'activity$' | 'poll$' | 'push' | 'signal'>

/**
 * Subscribes to the sources. Each may emit at once, so `subscription` is the caller's. A source that fails is
 * reported; an activity that fails counts as `true` from then on, and pushes can no longer be relied on.
 */
export const followSources = (
  subscription: Subscription,
  { activity$, poll$, push, signal }: Settings,
  { cancel, activate, receive, rely, pollNow, failed }: SharedSources,
): void => {
  const follow = <A>(
    source$: Observable<A> | undefined,
    source: SourceFailed['source'],
    next: (value: A) => void,
    afterFailure: () => void = () => undefined,
  ): void => {
    const error = (): void => {
      failed(source)
      afterFailure()
    }
    subscription.add(source$?.subscribe({ next, error }))
  }

  if (signal !== undefined) subscription.add(onAbort(signal, cancel))
  follow(activity$, 'activity$', activate, () => {
    activate(true)
  })
  follow(push?.statuses$, 'push', receive)
  follow(push?.alive$, 'push', rely, () => {
    rely(false)
  })
  follow(poll$, 'poll$', pollNow)
}
