import { isRecord } from '../../src/api/parseJson'

/** Where Node's own fetch keeps its connections. */
const place = Symbol.for('undici.globalDispatcher.1')

/**
 * Gives Node's own fetch a new store of connections. Each connection of the old one keeps a place
 * for up to 256 requests that are over: that sways for minutes, and is not ours.
 */
export const renewConnections = (): void => {
  const store: unknown = Reflect.get(globalThis, place)
  if (!isRecord(store)) throw new Error("Node's fetch keeps its connections elsewhere")
  Reflect.set(globalThis, place, Reflect.construct(store.constructor, []))
}
