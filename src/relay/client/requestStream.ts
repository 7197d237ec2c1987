import { writeRefs } from '../protocol/reference'
import type { RelayedSettings } from './clientOptions'
import type { OpenStream } from './openStream'
import { streamEvents$ } from './streamEvents'

/** Streams that are requests to a relay. */
export const requestStream =
  (url: string, settings: RelayedSettings): OpenStream =>
  (refs, known) =>
    streamEvents$(`${url}${url.includes('?') ? '&' : '?'}${writeRefs(refs)}`, known, settings)
