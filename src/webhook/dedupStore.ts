import { monotonic, type Clock } from '../runtime/clock'

/**
 * Remembers the processed events. Processes that receive deliveries of the same webhook share a store,
 * so that each event is processed once. Each method must be atomic.
 */
export interface DedupStore {
  /**
   * Claims an event for processing, for `leaseMs` milliseconds. Resolves with `done` if it was already
   * processed, and with `busy` while another claim lasts.
   */
  readonly claim: (key: string, leaseMs: number) => Promise<'claimed' | 'done' | 'busy'>
  /** Marks an event as processed, for `ttlMs` milliseconds. */
  readonly done: (key: string, ttlMs: number) => Promise<void>
  /** Releases a claim, because the event was not processed. */
  readonly release: (key: string) => Promise<void>
}

/** The most events in a memory store, which take about 4 MB. */
const maxKeys = 20_000

interface Entry {
  readonly isDone: boolean
  /** The expiry time, on the clock. */
  readonly until: number
}

/** Creates a store for one process. It evicts the oldest event first. */
export const memoryStore = (clock: Clock = monotonic): DedupStore => {
  // A map iterates in insertion order, oldest first.
  const entries = new Map<string, Entry>()

  const put = (key: string, isDone: boolean, ms: number): void => {
    entries.delete(key)
    entries.set(key, { isDone, until: clock() + ms })
    for (const oldest of entries.keys()) {
      if (entries.size <= maxKeys) break
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
