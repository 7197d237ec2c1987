import dns from 'node:dns'
import type { LookupFunction } from 'node:net'

type Callback = Parameters<LookupFunction>[2]

const waiting = new Map<string, Callback[]>()

/**
 * Resolves a host name once for all concurrent requests. The system resolver runs four lookups at a
 * time, so with a slow one the last of 300 requests would wait for all others.
 */
export const sharedLookup: LookupFunction = (name, options, callback) => {
  const key = JSON.stringify([name, options])
  const others = waiting.get(key)
  if (others !== undefined) {
    others.push(callback)
    return
  }
  const callbacks = [callback]
  waiting.set(key, callbacks)
  try {
    dns.lookup(name, options, (...found) => {
      waiting.delete(key)
      for (const each of callbacks) each(...found)
    })
  } catch (error) {
    // Otherwise later requests would wait for this lookup forever.
    waiting.delete(key)
    throw error
  }
}
