import type { Either } from 'fp-ts/Either'
import * as E from '../failure/either'

/** Gives a place back; once is enough. */
type Leave = () => void

/** Places for streams: so many in all, and so many for each caller. */
export interface Places {
  /** Takes a place; a caller that is null counts in all alone. */
  readonly take: (caller: string | null) => Either<429 | 503, Leave>
  readonly taken: () => number
}

export const createPlaces = (inAll: number, perCaller: number): Places => {
  const callers = new Map<string, number>()
  let taken = 0

  const count = (caller: string | null, change: number): void => {
    taken += change
    if (caller === null) return
    const now = (callers.get(caller) ?? 0) + change
    if (now === 0) callers.delete(caller)
    else callers.set(caller, now)
  }

  return {
    taken: () => taken,
    take: caller => {
      if (taken >= inAll) return E.left(503)
      if (caller !== null && (callers.get(caller) ?? 0) >= perCaller) return E.left(429)
      count(caller, 1)
      let isTaken = true
      return E.right(() => {
        if (isTaken) count(caller, -1)
        isTaken = false
      })
    },
  }
}
