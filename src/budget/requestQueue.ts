import { byRank, heap, type Ranked } from '../runtime/heap'
import type { PolledUpload } from './polledUpload'

/** The part of a request that determines its position in the queue. */
export interface Waiting extends Ranked {
  /** The time at which it was added. */
  readonly addedAt: number
  /** Milliseconds by which it was overdue then. */
  readonly overdue: number
  /** The requested upload at that time, if known. */
  readonly upload: PolledUpload | undefined
  /** The priority of its upload; 0 without one. */
  readonly priority: number
  /** The number of requests taken from the queue before it was added. */
  takenBefore: number
}

/** Requests that wait for a budget. */
export interface RequestQueue<A extends Waiting> {
  readonly size: () => number
  /** Returns any request. */
  readonly some: () => A | undefined
  readonly add: (request: A) => void
  readonly remove: (request: A) => void
  /** Removes and returns the next request. */
  readonly take: (now: number) => A | undefined
}

/**
 * The order is updated once a twentieth of the queue has been taken. If that took less
 * than this many ms per queued request, which is faster than any plan of the API, it is updated once half
 * has been taken: at that speed the order matters little, and updating it takes CPU time.
 */
const fast = 0.5

/** A request comes next once more than this many requests per queued one were admitted before it. */
const mostPreferred = 5

/** The rank of a request that has waited too long. It precedes every priority. */
const passedOver = -Infinity

const precedes = (a: Waiting, b: Waiting): boolean =>
  a.priority === b.priority || a.rank === passedOver || b.rank === passedOver
    ? byRank(a, b)
    : a.priority > b.priority

/**
 * The request with the highest priority comes first, and among those the one with the most worth. One
 * without an upload has priority 0, and its worth is its overdue time. Among equals the earlier one
 * comes first.
 *
 * While n requests wait, at most 7 n others are taken before any of them, so none starves, whatever
 * its priority.
 *
 * @param worth what a poll of an upload is worth at an age, in ms
 */
export const requestQueue = <A extends Waiting>(
  worth: (upload: PolledUpload, age: number) => number,
): RequestQueue<A> => {
  const waiting = heap<A>(precedes)
  let taken = 0
  /** The last update of the order: the number of requests taken by then, and the time. */
  let orderedAt: { readonly taken: number; readonly now: number } | null = null

  const isOrdered = (now: number): boolean => {
    const size = waiting.size()
    if (size < 2) return true
    if (orderedAt === null) return false
    const since = taken - orderedAt.taken
    return since < Math.floor(size / (now - orderedAt.now < size * fast ? 2 : 20))
  }

  const rankAt =
    (now: number) =>
    ({ addedAt, overdue, upload, takenBefore }: A): number => {
      if (taken - takenBefore > mostPreferred * waiting.size()) return passedOver
      const waited = now - addedAt
      const value = upload === undefined ? overdue + waited : worth(upload, upload.age + waited)
      return -Math.min(value, Number.MAX_VALUE)
    }

  return {
    size: waiting.size,
    some: waiting.first,
    add: request => {
      request.takenBefore = taken
      // A request that waits alone needs no rank: the order is updated before another one is taken.
      const isAlone = waiting.size() === 0
      if (isAlone) orderedAt = null
      waiting.put(request, isAlone ? 0 : rankAt(request.addedAt)(request))
    },
    remove: waiting.remove,
    take: now => {
      if (!isOrdered(now)) {
        waiting.rerank(rankAt(now))
        orderedAt = { taken, now }
      }
      const next = waiting.first()
      if (next === undefined) return undefined
      waiting.remove(next)
      taken += 1
      return next
    },
  }
}
