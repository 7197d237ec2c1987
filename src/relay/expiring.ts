import { monotonic } from '../runtime/clock'

/** A map whose entries expire. */
export interface Expiring<Value> {
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => void
}

/** Forgets each entry `ms` milliseconds after it was set, and the oldest above `most`. No timer runs. */
export const expiring = <Value>(ms: number, most: number): Expiring<Value> => {
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
      // A map keeps the order in which its entries were set.
      for (const [oldest, { until }] of entries) {
        if (until > now && entries.size <= most) break
        entries.delete(oldest)
      }
    },
  }
}
