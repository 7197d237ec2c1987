import { getEventListeners } from 'node:events'
import { Subject } from 'rxjs'
import type { WatchOptions } from '../../src/options'

type Sources = Required<Pick<WatchOptions, 'signal' | 'activity$' | 'push'>>

/** What must be let go of, by what it is. */
const holds: { readonly what: string; readonly isHeld: () => boolean }[] = []

/**
 * What a watch can be given to listen to, and never says anything. A listener that is left on one
 * of them is a leak, which is found after the test.
 */
export const handedIn = ({ signal } = new AbortController()): Sources => {
  const [activity$, statuses$] = [new Subject<boolean>(), new Subject<never>()]
  holds.push(
    {
      what: 'a listener on a signal that was handed in',
      isHeld: () => getEventListeners(signal, 'abort').length > 0,
    },
    { what: 'a subscription to activity$', isHeld: () => activity$.observed },
    { what: 'a subscription to push', isHeld: () => statuses$.observed },
  )
  return { signal, activity$, push: { statuses$ } }
}

/** Which of these are still listened to. */
export const stillHeld = (): readonly string[] =>
  holds.filter(({ isHeld }) => isHeld()).map(({ what }) => what)

export const forgetHeld = (): void => {
  holds.length = 0
}
