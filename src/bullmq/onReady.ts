import type { QueueEvents } from 'bullmq'
import { isRecord } from '../api/parseJson'

interface Connection {
  readonly on: (event: 'ready', listener: () => void) => unknown
}

const isConnection = (value: unknown): value is Connection =>
  isRecord(value) && typeof Reflect.get(value, 'on') === 'function'

/** Calls `ready` when events can be read: at the start, and after each lost connection. */
export const onReady = (events: QueueEvents, ready: () => void): void => {
  const getBackend: unknown = Reflect.get(events, 'getBackend')
  if (typeof getBackend === 'function') {
    const backend: unknown = Reflect.apply(getBackend, events, [])
    if (isConnection(backend)) backend.on('ready', ready)
    return
  }
  // BullMQ 5 has no backend. There this resolves with the client, once it is connected.
  const connected: Promise<unknown> = events.waitUntilReady()
  connected.then(
    client => {
      ready()
      if (isConnection(client)) client.on('ready', ready)
    },
    // Closed before it was connected. Other errors are events of `events`.
    () => undefined,
  )
}
