import type { Failure, WatchEvent } from 'rx-upload-status'
import type { Request } from './faultServer'

/** An attempt that failed. Times are milliseconds of the machine's clock. */
export interface FailedAttempt {
  readonly client: string
  readonly upload: string
  readonly from: number
  readonly to: number
  readonly failure: string
  /** Milliseconds that the attempt was allowed to take. */
  readonly timeout: number
  /**
   * Another attempt of the same watch was abandoned just before, so it is unclear whose a request is.
   */
  readonly isAmbiguous: boolean
}

/** Records the attempts of clients from their events. */
export interface Attempts {
  /** The listener for a client, or for a single watch. */
  readonly listener: (client: string, timeout: number) => (event: WatchEvent) => void
  /** The failed attempts since the last call. */
  readonly take: () => readonly FailedAttempt[]
}

/** Milliseconds after which the request of an abandoned attempt can no longer arrive. */
const afterglow = 500

/** The kind of a failure, with its most specific detail. */
const failureName = (failure: Failure): string => {
  switch (failure._tag) {
    case 'Unreachable':
      return `Unreachable ${failure.code}`
    case 'TimedOut':
      return `TimedOut ${failure.phase}`
    case 'Malformed':
      return `Malformed ${failure.reason}`
    default:
      return failure._tag
  }
}

export const noteAttempts = (clock: () => number): Attempts => {
  /** When the current attempt started, and when one was last abandoned. */
  const running = new Map<string, number>()
  const givenUp = new Map<string, number>()
  let failed: FailedAttempt[] = []

  return {
    listener: (client, timeout) => event => {
      const key = `${client} ${event.upload}`
      const from = running.get(key)
      switch (event._tag) {
        case 'AttemptStarted':
          if (from !== undefined) givenUp.set(key, clock())
          running.set(key, clock())
          return
        case 'AttemptFailed':
          running.delete(key)
          if (from === undefined) return
          failed.push({
            client,
            upload: event.upload,
            from,
            to: clock(),
            failure: failureName(event.failure),
            timeout,
            isAmbiguous: from - (givenUp.get(key) ?? -Infinity) < afterglow,
          })
          return
        case 'StatusReceived':
          if (event.via === 'poll') running.delete(key)
          return
        case 'Paused':
        case 'Settled':
          running.delete(key)
          if (from !== undefined) givenUp.set(key, clock())
          return
        default:
          return
      }
    },
    take: () => {
      const taken = failed
      failed = []
      running.clear()
      givenUp.clear()
      return taken
    },
  }
}

/** Milliseconds that an answer may take between the processes, in addition to their measured delays. */
const travel = 100

/** How often a compressed answer may have to wait for a thread or for the event loop. */
const turns = 5

/**
 * Describes lost answers: attempts that failed although the server answered them completely and in time,
 * and attempts that timed out before the server received a request.
 *
 * @param lag the sum of the longest delays of the two processes, in milliseconds
 */
export const lostAnswers = (
  attempts: readonly FailedAttempt[],
  log: readonly Request[],
  lag: number,
): readonly string[] => {
  const requests = new Map<string, Request[]>()
  for (const request of log) {
    const key = `${request.client} ${request.upload}`
    requests.set(key, [...(requests.get(key) ?? []), request])
  }
  const slack = travel + turns * lag
  return attempts.flatMap(({ client, upload, failure, from, to, timeout, isAmbiguous }) => {
    if (isAmbiguous) return []
    const own = (requests.get(`${client} ${upload}`) ?? []).filter(
      ({ at }) => at >= from - 1 && at <= to,
    )
    const last = own.at(-1)
    const isLate = failure.startsWith('TimedOut')
    if (last === undefined)
      return isLate && slack < timeout / 2
        ? [`unsent: ${client} ${upload} waited ${String(timeout)} ms, and sent nothing`]
        : []
    const { sentAt } = last
    return sentAt !== null && (!isLate || sentAt < from + timeout - slack)
      ? [`lost: ${client} ${upload}: ${failure} for a whole answer: ${last.how}`]
      : []
  })
}
