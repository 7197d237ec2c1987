import { monotonic, type Clock } from '../runtime/clock'

/**
 * Remembers which events were processed. Processes that receive deliveries of the same webhook share
 * one, so that each event is processed once. Each method is atomic.
 */
export interface DedupStore {
  /**
   * Takes an event to process, for `leaseMs` milliseconds. Gives `done` if it was processed before,
   * and `busy` while another claim of it lasts.
   */
  readonly claim: (key: string, leaseMs: number) => Promise<'claimed' | 'done' | 'busy'>
  /** Remembers for `ttlMs` milliseconds that an event was processed. */
  readonly done: (key: string, ttlMs: number) => Promise<void>
  /** Gives a claim up: the event was not processed. */
  readonly release: (key: string) => Promise<void>
}

/** The most events that a store in memory remembers: some 4 MB. */
const mostKeys = 20_000

interface Entry {
  readonly isDone: boolean
  /** On the clock. */
  readonly until: number
}

/** A store of one process. It forgets the oldest event first. */
export const memoryStore = (clock: Clock = monotonic): DedupStore => {
  // A map keeps the order in which its entries were added.
  const entries = new Map<string, Entry>()

  const put = (key: string, isDone: boolean, ms: number): void => {
    entries.delete(key)
    entries.set(key, { isDone, until: clock() + ms })
    for (const oldest of entries.keys()) {
      if (entries.size <= mostKeys) break
      entries.delete(oldest)
    }
  }

  return {
    claim: (key, leaseMs) => {
      const entry = entries.get(key)
      if (entry !== undefined && clock() < entry.until)
        return Promise.resolve(entry.isDone ? 'done' : 'busy')
      put(key, false, leaseMs)
      return Promise.resolve('claimed')
    },
    done: (key, ttlMs) => {
      put(key, true, ttlMs)
      return Promise.resolve()
    },
    release: key => {
      if (entries.get(key)?.isDone === false) entries.delete(key)
      return Promise.resolve()
    },
  }
}
