import { Subscription } from 'rxjs'
import { after } from '../runtime/wait'

/** Milliseconds until a page probes the network of a browser that says it is offline. */
const probeAfter = 15_000

/**
 * Milliseconds that a probe may take. Less than an attempt may, so that the end of a probe is a pause
 * and not a failure.
 */
const longestProbe = 8_000

/** What is known about the network of a page. */
export interface Network {
  /** Whether requests may be sent. */
  readonly isUsable: () => boolean
  /** Calls `changed` when that may have changed, until it is unsubscribed. */
  readonly follow: (changed: () => void) => Subscription
  /** A request is sent: gives what its answer calls. */
  readonly sent: () => () => void
  /** A request got no answer. */
  readonly lost: () => void
}

// A worker of an old engine, or a host that only counts as a browser, may not know.
const saysOffline = (): boolean =>
  typeof navigator === 'object' && (navigator.onLine as boolean | undefined) === false

/**
 * The network by `navigator.onLine`, which is a hint: it is wrong where only localhost answers, and
 * behind some VPNs.
 *
 * ```
 * browser   offline                                  online
 * usable    no ....15 s....  yes, a probe, lost: no ....  yes
 *                            yes, a probe, answered: yes, until the next event of the browser
 * ```
 *
 * An answer counts if its request was sent after the browser said offline.
 *
 * The first request that gets no answer ends a probe, and so do 8 s. That pauses all watches of the page
 * before the failure reaches one: an outage costs the page about one request in 15 s, and no retry.
 */
export const createNetwork = (): Network => {
  const followers = new Set<() => void>()
  let hint: 'heeded' | 'probed' | 'refuted' = 'heeded'
  /** How often the browser has said anything. */
  let saidTimes = 0
  let timer = Subscription.EMPTY

  const change = (next: typeof hint): void => {
    hint = next
    timer.unsubscribe()
    for (const changed of [...followers]) changed()
  }

  /** Heeds the browser, until the next probe. */
  const heed = (): void => {
    change('heeded')
    if (saysOffline()) timer = after(probeAfter, probe)
  }

  const probe = (): void => {
    change('probed')
    timer = after(longestProbe, heed)
  }

  const hear = (): void => {
    saidTimes += 1
    heed()
  }

  const events = ['online', 'offline']

  const start = (): void => {
    hear()
    if (typeof addEventListener === 'function')
      for (const event of events) addEventListener(event, hear)
  }

  const stop = (): void => {
    timer.unsubscribe()
    hint = 'heeded'
    if (typeof removeEventListener === 'function')
      for (const event of events) removeEventListener(event, hear)
  }

  return {
    isUsable: () => hint !== 'heeded' || !saysOffline(),
    follow: changed => {
      if (followers.size === 0) start()
      followers.add(changed)
      return new Subscription(() => {
        followers.delete(changed)
        if (followers.size === 0) stop()
      })
    },
    sent: () => {
      const before = saidTimes
      return () => {
        // What was sent before the network went away may well be answered after it.
        if (saidTimes === before && hint !== 'refuted' && saysOffline()) change('refuted')
      }
    },
    lost: () => {
      if (hint === 'probed') heed()
    },
  }
}
