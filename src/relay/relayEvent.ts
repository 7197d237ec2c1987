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
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 414 | 429 | 431 | 503
}

/** A stream was closed. */
export interface StreamClosed {
  readonly _tag: 'StreamClosed'
  /**
   * `ended`: its uploads did. `left`: its reader did. `stalled`: its reader took nothing for four
   * heartbeats. `lifetime`: its time was up. `defect`: `select` or the client threw.
   */
  readonly why: 'ended' | 'left' | 'stalled' | 'lifetime' | 'defect'
}

/** An option did what it must not: a request was not served, or a stream broke. */
export interface RelayDefect {
  readonly _tag: 'RelayDefect'
  /** What `callerOf`, `select` or the client threw, or an error that says what it returned. */
  readonly defect: unknown
}

/** What happens at a relay, with the number of streams that are open after it. */
export type RelayEvent = (StreamOpened | StreamRefused | StreamClosed | RelayDefect) & {
  readonly streams: number
}
