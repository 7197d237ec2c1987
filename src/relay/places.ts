import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'
import type { Caller } from './caller'

/** Requests that may wait for their verdict, in all and without a caller. */
const mostWaiting = 10_000
const mostWaitingUnnamed = 5_000

/** Gives a place back; once is enough. */
type Leave = () => void

/** A request that waits for its verdict. */
interface Waiting {
  readonly leave: Leave
  /** Leaves, and takes the place of a stream. */
  readonly open: (caller: Caller) => Either<429 | 503, Leave>
}

/** Places for streams: so many in all, and so many for each caller. */
export interface Places {
  /** Lets a request wait. It counts for its caller, and takes no place of a stream. */
  readonly wait: (caller: Caller) => Either<429 | 503, Waiting>
  /** How many streams are open. */
  readonly taken: () => number
}

/** Counts for each caller. It forgets those that come to zero. */
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
    add: (caller: Caller): Leave => {
      let isCounted = true
      change(caller, 1)
      return () => {
        if (isCounted) change(caller, -1)
        isCounted = false
      }
    },
  }
}

export const createPlaces = (inAll: number, perCaller: number): Places => {
  const streams = createCounts()
  const waiting = createCounts()

  const refused = (caller: Caller): 429 | 503 | null => {
    if (streams.sum() >= inAll) return 503
    const isFull = caller !== null && streams.of(caller) + waiting.of(caller) >= perCaller
    return isFull ? 429 : null
  }

  return {
    taken: streams.sum,
    wait: caller => {
      const isCrowded =
        waiting.sum() >= mostWaiting || (caller === null && waiting.of(null) >= mostWaitingUnnamed)
      const status = isCrowded ? 503 : refused(caller)
      if (status !== null) return E.left(status)
      const leave = waiting.add(caller)
      return E.right({
        leave,
        open: named => {
          leave()
          const status = refused(named)
          return status === null ? E.right(streams.add(named)) : E.left(status)
        },
      })
    },
  }
}
