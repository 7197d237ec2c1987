import { Subscription } from 'rxjs'
import { after } from '../runtime/wait'

/** Milliseconds until a page probes the network while the browser reports that it is offline. */
const probeAfter = 15_000

/**
 * Milliseconds that a probe may take. Shorter than the attempt timeout, so that a lost probe becomes a
 * pause and not a failure.
 */
const probeTimeout = 8_000

/** The state of a page's network. */
export interface Network {
  /** Whether requests may be sent. */
  readonly isUsable: () => boolean
  /** Calls `changed` when `isUsable` may have changed, until the subscription is closed. */
  readonly follow: (changed: () => void) => Subscription
  /** Records a request. Returns a function to call when its answer arrives. */
  readonly sent: () => () => void
  /** Records that a request got no answer. */
  readonly lost: () => void
}

// Workers of old engines, and hosts that merely count as browsers, may lack `onLine`.
const isReportedOffline = (): boolean =>
  typeof navigator === 'object' && (navigator.onLine as boolean | undefined) === false

/**
 * Tracks the network through `navigator.onLine`. This is only a hint: it is wrong behind some VPNs, and
 * where only localhost is reachable.
 *
 * ```
 * browser   offline                                  online
 * usable    no ....15 s....  yes, a probe, lost: no ....  yes
 *                            yes, a probe, answered: yes, until the next event of the browser
 * ```
 *
 * An answer counts only if its request was sent after the browser reported offline.
 *
 * A probe ends after 8 s, or with the first request that gets no answer. Its end pauses all watches of
 * the page before a failure reaches one. So an outage costs the page about one request every 15 s, and
 * no retry.
 */
export const createNetwork = (): Network => {
  const followers = new Set<() => void>()
  let hint: 'trusted' | 'probing' | 'refuted' = 'trusted'
  /** The number of events from the browser so far. */
  let eventCount = 0
  let timer = Subscription.EMPTY

  const change = (next: typeof hint): void => {
    hint = next
    timer.unsubscribe()
    for (const changed of [...followers]) changed()
  }

  /** Trusts the browser's report until the next probe. */
  const trust = (): void => {
    change('trusted')
    if (isReportedOffline()) timer = after(probeAfter, probe)
  }

  const probe = (): void => {
    change('probing')
    timer = after(probeTimeout, trust)
  }

  const onEvent = (): void => {
    eventCount += 1
    trust()
  }

  const events = ['online', 'offline']

  const start = (): void => {
    onEvent()
    if (typeof addEventListener === 'function')
      for (const event of events) addEventListener(event, onEvent)
  }

  const stop = (): void => {
    timer.unsubscribe()
    hint = 'trusted'
    if (typeof removeEventListener === 'function')
      for (const event of events) removeEventListener(event, onEvent)
  }

  return {
    isUsable: () => hint !== 'trusted' || !isReportedOffline(),
    follow: changed => {
      if (followers.size === 0) start()
      followers.add(changed)
      return new Subscription(() => {
        followers.delete(changed)
        if (followers.size === 0) stop()
      })
    },
    sent: () => {
      const countWhenSent = eventCount
      return () => {
        // A request sent before the network went away may be answered after that.
        if (eventCount === countWhenSent && hint !== 'refuted' && isReportedOffline())
          change('refuted')
      }
    },
    lost: () => {
      if (hint === 'probing') trust()
    },
  }
}
