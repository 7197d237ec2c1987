import type { UploadRef, TrackedStatus } from '../api/uploadRef'
import type { Asked } from './judge'
import { knownAfter, writeKnown, type Known } from './protocol/known'
import { nameOf } from './protocol/reference'
import type { Write } from './written'

/** Characters after which no other event joins those that are sent together. */
const enough = 4_096

/** What a reader has not been sent yet: of each upload the latest alone. */
export interface Outbox {
  /** Takes in what is news to the reader, and passes over the rest. */
  readonly put: (tracked: TrackedStatus) => void
  /** The next events, as text; empty where there are none. */
  readonly take: () => string
  readonly isEmpty: () => boolean
}

interface Event {
  readonly ref: UploadRef
  readonly known: Known
  readonly text: string
}

/** @param head is sent before all else */
export const createOutbox = (head: string, { refs, known }: Asked, write: Write): Outbox => {
  const places = new Map(refs.map((ref, place) => [nameOf(ref), place]))
  const sent = [...known]
  const waiting = new Map<number, Event>()
  let unsent = head

  const eventText = (
    place: number,
    { ref: { account, upload }, text, ...event }: Event,
  ): string => {
    sent[place] = event.known
    const data = `{"account":"${account}","upload":"${upload}","status":${text}}`
    return `id: ${writeKnown(sent)}\ndata: ${data}\n\n`
  }

  return {
    put: ({ account, upload, status }) => {
      const ref = { account, upload }
      const place = places.get(nameOf(ref))
      const next = knownAfter(status)
      if (place === undefined || next <= (sent[place] ?? 0)) return
      waiting.set(place, { ref, known: next, text: write(status) })
    },
    take: () => {
      let text = unsent
      unsent = ''
      for (const [place, event] of waiting) {
        if (text.length > enough) break
        waiting.delete(place)
        text += eventText(place, event)
      }
      return text
    },
    isEmpty: () => unsent === '' && waiting.size === 0,
  }
}
