import { monotonic } from '../runtime/clock'

/** A map whose entries expire. */
export interface Expiring<Value> {
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => void
}

/** Drops each entry `ms` after it was set, and the oldest ones above `maxSize`. Uses no timer. */
export const expiring = <Value>(ms: number, maxSize: number): Expiring<Value> => {
  const entries = new Map<string, { readonly value: Value; readonly until: number }>()
  return {
    get: key => {
      const entry = entries.get(key)
      return entry !== undefined && entry.until > monotonic() ? entry.value : undefined
    },
    set: (key, value) => {
      const now = monotonic()
      entries.delete(key)
      entries.set(key, { value, until: now + ms })
      // A map iterates in insertion order, oldest first.
      for (const [oldest, { until }] of entries) {
        if (until > now && entries.size <= maxSize) break
        entries.delete(oldest)
      }
    },
  }
}
