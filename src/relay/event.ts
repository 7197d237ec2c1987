import type { RefusalStatus } from './refusal'
import type { Closing } from './statusStream'

/** A stream begins. */
export interface StreamOpened {
  readonly _tag: 'StreamOpened'
  /** How many uploads it carries. */
  readonly uploads: number
}

/** A request got no stream. */
export interface StreamRefused {
  readonly _tag: 'StreamRefused'
  /** The HTTP status of the answer. */
  readonly status: RefusalStatus
}

/** A stream was closed. */
export interface StreamClosed {
  readonly _tag: 'StreamClosed'
  /**
   * `ended`: its uploads did. `left`: its reader did. `stalled`: its reader took nothing for four
   * heartbeats. `lifetime`: its time was up. `defect`: `select` or the client threw.
   */
  readonly why: Closing
}

/** What happens at a relay, with the number of streams that are open after it. */
export type RelayEvent = (StreamOpened | StreamRefused | StreamClosed) & {
  readonly streams: number
}
