import { Subscription } from 'rxjs'
import type { Clock } from '../../runtime/clock'
import { heap, type Ranked } from '../../runtime/heap'
import { after as afterTimer, type After } from '../../runtime/wait'

/** An item of the queue. */
export interface Due extends Ranked {
  onDue: () => void
}

/** Many waits on one timer. */
export interface DueQueue {
  /** Calls `onDue` once, at a time on the queue's clock, never in this turn; never for `Infinity`. */
  readonly put: (entry: Due, at: number) => void
  readonly remove: (entry: Due) => void
  /** Runs `work` once after `ms` milliseconds. */
  readonly after: After
  /** Whether the machine slept past this time. */
  readonly sleptOver: (at: number) => boolean
}

/** If a timer is later than this, in ms, the machine slept. */
const slept = 5_000

/** The most work, in ms, per turn of the event loop. */
const turn = 10

/**
 * The longest time between two turns of a full queue, in ms. Waking a process takes more CPU time than a
 * poll, so a queue with very many items batches due items. A queue with few items does not wait.
 */
const restOf = (entries: number): number => Math.min(10, Math.floor(entries / 100))

/**
 * A queue of work, each item at its own time, with one timer for the earliest. An item that is not
 * due yet only takes a slot in the heap.
 */
export const dueQueue = (clock: Clock): DueQueue => {
  const entries = heap<Due>()
  let timer = Subscription.EMPTY
  /** The time at which the timer fires. */
  let armedFor = Infinity
  let expectedAt = Infinity
  let wokeAt = -Infinity
  /** No item runs before this time. */
  let restsUntil = -Infinity
  let isFiring = false

  const disarm = (): void => {
    timer.unsubscribe()
    armedFor = Infinity
  }

  const arm = (): void => {
    if (isFiring) return
    const earliest = entries.first()?.rank ?? Infinity
    if (earliest === Infinity) {
      disarm()
      return
    }
    const at = Math.max(earliest, restsUntil)
    // Keeps the timer of a removed item. It fires early, but that costs less than a new timer.
    if (at >= armedFor) return
    timer.unsubscribe()
    const now = clock()
    armedFor = at
    expectedAt = Math.max(at, now)
    timer = afterTimer(at - now, fire)
  }

  const fire = (): void => {
    disarm()
    const now = clock()
    if (now - expectedAt > slept) wokeAt = now
    // Items added from here on run in a later turn, even if they are already due.
    const puts = entries.puts()
    isFiring = true
    restsUntil = now + restOf(entries.size())
    try {
      for (;;) {
        const entry = entries.first()
        if (entry === undefined || entry.rank > now || entry.order >= puts) break
        entries.remove(entry)
        entry.onDue()
        if (clock() - now <= turn) continue
        // More items are due: another turn follows after other work.
        restsUntil = -Infinity
        break
      }
    } finally {
      isFiring = false
      arm()
    }
  }

  const remove = (entry: Due): void => {
    entries.remove(entry)
    arm()
  }

  const put = (entry: Due, at: number): void => {
    entries.put(entry, at)
    arm()
  }

  return {
    put,
    remove,
    sleptOver: at => at < wokeAt - slept,
    after: (ms, work) => {
      const entry = {
        rank: 0,
        order: 0,
        index: -1,
        onDue: work,
        unsubscribe: () => {
          remove(entry)
        },
      }
      put(entry, clock() + ms)
      return entry
    },
  }
}
