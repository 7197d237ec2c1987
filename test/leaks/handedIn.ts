import { getEventListeners } from 'node:events'
import { Subject } from 'rxjs'
import type { WatchOptions } from '../../src/options'

type Sources = Required<Pick<WatchOptions, 'signal' | 'activity$' | 'push'>>

/** What must be released after a test. */
const holds: { readonly what: string; readonly isHeld: () => boolean }[] = []

/**
 * Sources for a watch that never emit. A listener that remains on one of them is a leak, which fails
 * the test.
 */
export const handedIn = ({ signal } = new AbortController()): Sources => {
  const [activity$, statuses$] = [new Subject<boolean>(), new Subject<never>()]
  holds.push(
    {
      what: 'a listener on a given signal',
      isHeld: () => getEventListeners(signal, 'abort').length > 0,
    },
    { what: 'a subscription to activity$', isHeld: () => activity$.observed },
    { what: 'a subscription to push', isHeld: () => statuses$.observed },
  )
  return { signal, activity$, push: { statuses$ } }
}

/** Those of these that still have a listener. */
export const stillHeld = (): readonly string[] =>
  holds.filter(({ isHeld }) => isHeld()).map(({ what }) => what)

export const forgetHeld = (): void => {
  holds.length = 0
}
