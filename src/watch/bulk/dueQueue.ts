import { Subscription } from 'rxjs'
import type { Clock } from '../../runtime/clock'
import { heap, type Ranked } from '../../runtime/heap'
import { after as afterTimer, type After } from '../../runtime/wait'

/** What waits in a queue until its time has come. */
export interface Due extends Ranked {
  onDue: () => void
}

/** Many waits on one timer. */
export interface DueQueue {
  /** Calls `onDue` once, at a time on the queue's clock and never in this turn; `Infinity` never. */
  readonly put: (entry: Due, at: number) => void
  readonly remove: (entry: Due) => void
  /** Does something once, so many milliseconds from now. */
  readonly after: After
  /** Whether the machine slept over something that was due at that time. */
  readonly sleptOver: (at: number) => boolean
}

/** A timer that is later than this, in ms, was slept over. */
const slept = 5_000

/** So long, in ms, may one turn of the event loop be taken up by what is due. */
const turn = 10

/**
 * So long, in ms, is the time between two turns of a queue: to wake a process takes more CPU than to
 * poll, and of very many waits one comes due every moment. Few are not kept waiting.
 */
const restOf = (entries: number): number => Math.min(10, Math.floor(entries / 100))

/**
 * A queue of things to do, each at its time, with one timer for the earliest of them. What is not
 * its turn yet costs a place in a heap and nothing else.
 */
export const dueQueue = (clock: Clock): DueQueue => {
  const entries = heap<Due>()
  let timer = Subscription.EMPTY
  /** What the timer is for, and when it is to come. */
  let armedFor = Infinity
  let expectedAt = Infinity
  let wokeAt = -Infinity
  /** Nothing is called before. */
  let restsUntil = -Infinity
  let isFiring = false

  const disarm = (): void => {
    timer.unsubscribe()
    armedFor = Infinity
  }

  const arm = (): void => {
    const at = Math.max(entries.first()?.rank ?? Infinity, restsUntil)
    // A timer for anything else is no use, be it earlier: if the machine slept, it comes late.
    if (isFiring || at === armedFor) return
    disarm()
    const now = clock()
    armedFor = at
    expectedAt = Math.max(at, now)
    timer = afterTimer(at - now, fire)
  }

  const fire = (): void => {
    disarm()
    const now = clock()
    if (now - expectedAt > slept) wokeAt = now
    // What is put in from here on has its turn later, even if it is due at once.
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
        // There is more: another turn, as soon as others had theirs.
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
    // Otherwise the timer stays: it is early at worst, and costs less than another.
    if (entries.size() === 0) disarm()
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
        place: -1,
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
