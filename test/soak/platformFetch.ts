import { isRecord } from '../../src/api/parseJson'

/** The connection pool of Node's own fetch. */
const place = Symbol.for('undici.globalDispatcher.1')

/**
 * Gives Node's own fetch a new connection pool. Each connection of the old pool keeps entries for up to
 * 256 finished requests, which change the heap for minutes and are not ours.
 */
export const renewConnections = (): void => {
  const store: unknown = Reflect.get(globalThis, place)
  if (!isRecord(store)) throw new Error("Node's fetch keeps its connections elsewhere")
  Reflect.set(globalThis, place, Reflect.construct(store.constructor, []))
}
