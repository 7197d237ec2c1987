import type { Failure } from '../failure/failure'
import { isTransient, isShortage } from '../failure/match'
import { backoff } from '../runtime/backoff'

/** Detects that a host is unreachable, and decides when to probe it. */
export interface OutageDetector {
  /** Call when a request for the status of an upload got no answer. */
  readonly unanswered: (failure: Failure, upload: string, now: number) => void
  /** Call when a request got an answer. Returns whether this ends an outage. */
  readonly answered: (now: number) => boolean
  readonly isOut: () => boolean
  /** The time at which the next probe may start; -Infinity if there is no outage. */
  readonly probeAt: () => number
}

/** The wait between two probes, in ms. It is short, so that the end of an outage is detected soon. */
const pause = { base: 500, cap: 5_000 }

/**
 * Whether a failure means that the host is unreachable: a refused or lost connection, or no headers
 * before the timeout. A `5xx` is an answer, and may concern a single upload. A bad certificate or a late
 * key says nothing about the host.
 */
const isUnreachable = (failure: Failure): boolean =>
  failure._tag === 'TimedOut'
    ? failure.phase === 'headers'
    : failure._tag === 'Unreachable' && isTransient(failure) && !isShortage(failure.code)

/**
 * An outage starts when requests for two different uploads got no answer, and none in between got one.
 * A single upload says nothing about the others, even if it fails often.
 */
export const outageDetector = (random: () => number): OutageDetector => {
  const failing = new Set<string>()
  let failedProbes = 0
  let probeAt = -Infinity
  const isOut = (): boolean => failing.size > 1

  return {
    unanswered: (failure, upload, now) => {
      if (!isUnreachable(failure)) return
      const wasOut = isOut()
      if (!wasOut) failing.add(upload)
      // Requests that were in flight together fail together, so they count as one failure.
      if (!isOut() || now < probeAt) return
      if (wasOut) failedProbes += 1
      probeAt = now + backoff(pause, failedProbes, random)
    },
    answered: now => {
      if (failing.size === 0) return false
      const hadProbe = isOut() && (failedProbes > 0 || now >= probeAt)
      failing.clear()
      failedProbes = 0
      probeAt = -Infinity
      return hadProbe
    },
    isOut,
    probeAt: () => probeAt,
  }
}
