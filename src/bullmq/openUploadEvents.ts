import type { UploadRef } from '../api/uploadRef'
import { closeQuietly } from './closeQuietly'
import { refOf } from './jobs'
import { openEvents } from './openEvents'
import { queueNames, type CheckedPlace } from './queues'

/** Receives the events of uploads. `id` is the id of a job. */
export interface UploadListener {
  /** A watch started. The events before this one are those of an earlier watch. */
  readonly started: (id: string) => void
  readonly progressed: (id: string, progress: unknown) => void
  readonly ended: (id: string) => void
  /** Events of any upload may have been missed. */
  readonly missed: () => void
  /** An upload was added, not long before the events were opened. */
  readonly added: (ref: UploadRef) => void
  /** Calls of `added` may be missing. */
  readonly addedMissed: () => void
}

/** The open events of uploads. */
export interface UploadEvents {
  readonly close: () => Promise<void>
}

/** Milliseconds before the start in which an upload counts as added later, because clocks differ. */
const margin = 60_000

/** Opens the events of the uploads of a queue, and of their ends. */
export const openUploadEvents = (
  place: CheckedPlace,
  listener: UploadListener,
  onError: (error: unknown) => void,
): UploadEvents => {
  const { started, progressed, ended, missed, added, addedMissed } = listener
  const names = queueNames(place.name)
  const openedAt = Date.now()
  // The first batch holds old events. If the clock of this process is ahead, new ones look old, too.
  let isFirstBatch = true
  let hasOld = false

  const endBatch = (): void => {
    isFirstBatch = false
    if (hasOld) addedMissed()
    hasOld = false
  }

  const watches = openEvents(names.watches, place, onError, () => {
    missed()
    addedMissed()
  })
  watches.on('progress', ({ jobId, data }) => {
    progressed(jobId, data)
  })
  watches.on('added', ({ jobId }, eventId) => {
    started(jobId)
    queueMicrotask(endBatch)
    const ref = refOf(jobId)
    if (ref === null) return
    // The id of an event begins with its time.
    if (isFirstBatch && parseInt(eventId) < openedAt - margin) hasOld = true
    else added(ref)
  })

  const ends = openEvents(names.ends, place, onError, missed)
  ends.on('added', ({ jobId }) => {
    ended(jobId)
  })

  return {
    close: async () => {
      await Promise.all([watches, ends].map(events => closeQuietly(events, place.connection)))
    },
  }
}
