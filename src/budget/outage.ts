import type { Failure } from '../failure/failure'
import { isTransient, isShortage } from '../failure/match'
import { backoff } from '../runtime/backoff'

/** Notices that a host cannot be reached, and says when to try it again. */
export interface OutageDetector {
  /** A request for the status of an upload got no answer. */
  readonly unanswered: (failure: Failure, upload: string, now: number) => void
  /** A request got an answer. Returns whether this ends an outage that was being probed. */
  readonly answered: (now: number) => boolean
  readonly isOut: () => boolean
  /** When the next probe may start. -Infinity if there is no outage. */
  readonly probeAt: () => number
}

/** The wait between two probes, in ms: short, so that the end of an outage is noticed soon. */
const pause = { base: 500, cap: 5_000 }

/**
 * A refused or lost connection means that the host cannot be reached, and so does silence until the
 * timeout. A `5xx` is an answer, and may concern one upload only. A bad certificate, or a key that
 * did not arrive in time, is not a matter of the host.
 */
const saysUnreachable = (failure: Failure): boolean =>
  failure._tag === 'TimedOut'
    ? failure.phase === 'headers'
    : failure._tag === 'Unreachable' && isTransient(failure) && !isShortage(failure.code)

/**
 * An outage begins when requests for two different uploads got no answer, and none between them did:
 * one upload alone says nothing about the others, even if it fails often.
 */
export const outageDetector = (random: () => number): OutageDetector => {
  const failing = new Set<string>()
  let failedProbes = 0
  let probeAt = -Infinity
  const isOut = (): boolean => failing.size > 1

  return {
    unanswered: (failure, upload, now) => {
      if (!saysUnreachable(failure)) return
      const wasOut = isOut()
      if (!wasOut) failing.add(upload)
      // Requests that were in flight together fail together: that is one failure.
      if (!isOut() || now < probeAt) return
      if (wasOut) failedProbes += 1
      probeAt = now + backoff(pause, failedProbes, random)
    },
    answered: now => {
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
