import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import type { Caller } from './caller'

/** The most requests that may wait for their authorization: in total, and without a caller. */
const maxPending = 10_000
const maxPendingWithoutCaller = 5_000

/** Frees a slot. Further calls do nothing. */
type Release = () => void

/** A request that waits for its authorization. */
interface PendingRequest {
  readonly release: Release
  /** Ends the wait and takes a slot for a stream. */
  readonly open: (caller: Caller) => Either<429 | 503, Release>
}

/** Limits the open streams, in total and for each caller. */
export interface StreamSlots {
  /** Admits a request. It counts for its caller, but takes no stream slot yet. */
  readonly admit: (caller: Caller) => Either<429 | 503, PendingRequest>
  /** The number of open streams. */
  readonly openCount: () => number
}

/** A count for each caller. Entries that reach zero are deleted. */
const createCounts = () => {
  const counts = new Map<Caller, number>()
  let sum = 0
  const change = (caller: Caller, by: number): void => {
    const count = (counts.get(caller) ?? 0) + by
    sum += by
    if (count === 0) counts.delete(caller)
    else counts.set(caller, count)
  }
  return {
    sum: () => sum,
    of: (caller: Caller) => counts.get(caller) ?? 0,
    add: (caller: Caller): Release => {
      let isCounted = true
      change(caller, 1)
      return () => {
        if (isCounted) change(caller, -1)
        isCounted = false
      }
    },
  }
}

export const createStreamSlots = (total: number, perCaller: number): StreamSlots => {
  const streams = createCounts()
  const pending = createCounts()

  const refusalFor = (caller: Caller): 429 | 503 | null => {
    if (streams.sum() >= total) return 503
    const isFull = caller !== null && streams.of(caller) + pending.of(caller) >= perCaller
    return isFull ? 429 : null
  }

  return {
    openCount: streams.sum,
    admit: caller => {
      const isOverloaded =
        pending.sum() >= maxPending ||
        (caller === null && pending.of(null) >= maxPendingWithoutCaller)
      const status = isOverloaded ? 503 : refusalFor(caller)
      if (status !== null) return E.left(status)
      const release = pending.add(caller)
      return E.right({
        release,
        open: caller => {
          release()
          const status = refusalFor(caller)
          return status === null ? E.right(streams.add(caller)) : E.left(status)
        },
      })
    },
  }
}
