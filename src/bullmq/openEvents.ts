import { QueueEvents } from 'bullmq'
import { onReady } from './onReady'
import { maxEvents, patient, type CheckedPlace } from './queues'

/** The frequent events of a queue. */
const frequent = [
  'active',
  'added',
  'completed',
  'delayed',
  'duplicated',
  'progress',
  'removed',
  'waiting',
] as const

/**
 * Calls `behind` after a batch that is so large that Redis may have trimmed events before they were read. A
 * reader receives all events after its last one in one batch, so a trimmed stream arrives as a whole.
 */
const onBehind = (events: QueueEvents, behind: () => void): void => {
  let count = 0
  const note = (): void => {
    if (count === 0)
      queueMicrotask(() => {
        // Half of them, because rare events are not counted.
        if (count >= maxEvents / 2) behind()
        count = 0
      })
    count += 1
  }
  for (const name of frequent) events.on(name, note)
}

/**
 * Opens the events of a queue, beginning with the oldest that Redis still has: this does not depend on the
 * clock. `reread` is called when some may have been missed: at the start, after a lost connection, and when
 * this process has fallen behind.
 */
export const openEvents = (
  name: string,
  place: CheckedPlace,
  onError: (error: unknown) => void,
  reread: () => void,
): QueueEvents => {
  const events = new QueueEvents(name, {
    connection: patient(place.connection),
    prefix: place.prefix,
    lastEventId: '0-0',
  })
  events.on('error', onError)
  onReady(events, reread)
  onBehind(events, reread)
  return events
}
