import type { UploadRef, TrackedStatus } from '../api/uploadRef'
import type { StreamRequest } from './streamRequest'
import { knownAfter, writeKnown, type Known } from './protocol/known'
import { nameOf } from './protocol/reference'
import type { EncodeStatus } from './encodeStatus'

/** The most characters of a batch of events to which another event is added. */
const batchSize = 4_096

/** The unsent events of one reader: only the latest of each upload. */
export interface Outbox {
  /** Adds a status. Ignores one that is not newer than what the reader knows. */
  readonly put: (tracked: TrackedStatus) => void
  /** Removes and returns the next events as text, or returns an empty string. */
  readonly take: () => string
  readonly isEmpty: () => boolean
}

interface Event {
  readonly ref: UploadRef
  readonly known: Known
  readonly text: string
}

/** @param head text to send before the first event */
export const createOutbox = (
  head: string,
  { refs, known }: StreamRequest,
  encode: EncodeStatus,
): Outbox => {
  const indexes = new Map(refs.map((ref, index) => [nameOf(ref), index]))
  const sent = [...known]
  const waiting = new Map<number, Event>()
  let unsent = head

  const eventText = (
    index: number,
    { ref: { account, upload }, text, ...event }: Event,
  ): string => {
    sent[index] = event.known
    const data = `{"account":"${account}","upload":"${upload}","status":${text}}`
    return `id: ${writeKnown(sent)}\ndata: ${data}\n\n`
  }

  return {
    put: ({ account, upload, status }) => {
      const ref = { account, upload }
      const index = indexes.get(nameOf(ref))
      const next = knownAfter(status)
      if (index === undefined || next <= (sent[index] ?? 0)) return
      waiting.set(index, { ref, known: next, text: encode(status) })
    },
    take: () => {
      let text = unsent
      unsent = ''
      for (const [index, event] of waiting) {
        if (text.length > batchSize) break
        waiting.delete(index)
        text += eventText(index, event)
      }
      return text
    },
    isEmpty: () => unsent === '' && waiting.size === 0,
  }
}
