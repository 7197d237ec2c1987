import { Subscription, type Observable } from 'rxjs'
import { onAbort } from '../../http/aborted'
import type { SourceFailed } from '../event'
import type { WatchSettings } from '../watchSettings'

/** The callbacks for the sources that all watches share. */
export interface SharedSources {
  /** Called when `signal` aborts. */
  readonly cancel: () => void
  readonly activate: (isActive: boolean) => void
  /** Called with each value of the push source. */
  readonly receive: (pushed: unknown) => void
  /** Called with whether pushes are reliable. */
  readonly rely: (isAlive: boolean) => void
  readonly pollNow: () => void
  readonly failed: (source: SourceFailed['source']) => void
}

type Settings = Pick<WatchSettings, 'activity$' | 'poll$' | 'push' | 'signal'>

/**
 * Subscribes to the sources. They may emit synchronously, so the caller passes `subscription`. Reports
 * a source that errors: from then on `activity$` counts as `true`, and pushes count as unreliable.
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
