import { byRank, heap, type Ranked } from '../runtime/heap'
import type { PolledUpload } from './polledUpload'

/** The part of a request that its place in the queue depends on. */
export interface Waiting extends Ranked {
  /** When it was added. */
  readonly addedAt: number
  /** Milliseconds that it was overdue then. */
  readonly overdue: number
  /** The upload that it is for, as it was then, if that is known. */
  readonly upload: PolledUpload | undefined
  /** Of its upload; 0 without one. */
  readonly priority: number
  /** How many requests had been taken from the queue by then. */
  takenBefore: number
}

/** Requests that wait for a budget. */
export interface RequestQueue<A extends Waiting> {
  readonly size: () => number
  /** Any of them. */
  readonly some: () => A | undefined
  readonly add: (request: A) => void
  readonly remove: (request: A) => void
  /** Removes and returns the next request. */
  readonly take: (now: number) => A | undefined
}

/**
 * The order is brought up to date once a twentieth of the queue has been taken. Where that takes less
 * than this many ms for each request that waits, which is faster than any plan of the API, once a half
 * has been taken: what is admitted that fast needs little order, and the order takes CPU.
 */
const fast = 0.5

/** A request that this many times as many as wait were preferred to is the next. */
const mostPreferred = 5

/** The rank of a request that others were preferred to for too long. It precedes every priority. */
const passedOver = -Infinity

const precedes = (a: Waiting, b: Waiting): boolean =>
  a.priority === b.priority || a.rank === passedOver || b.rank === passedOver
    ? byRank(a, b)
    : a.priority > b.priority

/**
 * The request of the highest priority comes first, and of these the one that is worth most. One
 * without an upload has priority 0, and is worth the time that it is overdue. Of equals the earlier
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
  /** When the order was brought up to date: how many had been taken by then, and the time. */
  let orderedAt = { taken: 0, now: -Infinity }

  const isOrdered = (now: number): boolean => {
    const size = waiting.size()
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
      waiting.put(request, rankAt(request.addedAt)(request))
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
