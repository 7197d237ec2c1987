/** A stream was opened. */
export interface StreamOpened {
  readonly _tag: 'StreamOpened'
  /** The number of uploads that it carries. */
  readonly uploads: number
}

/** A request was refused. */
export interface StreamRefused {
  readonly _tag: 'StreamRefused'
  /** The HTTP status of the response. */
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 414 | 429 | 431 | 503
}

/** A stream was closed. */
export interface StreamClosed {
  readonly _tag: 'StreamClosed'
  /**
   * `ended`: all its uploads ended, or the client was closed. `left`: its reader left. `stalled`: its
   * reader accepted nothing for four heartbeats. `lifetime`: its `lifetime` expired. `defect`: `select`
   * or the client threw.
   */
  readonly why: 'ended' | 'left' | 'stalled' | 'lifetime' | 'defect'
}

/** An option threw or returned something invalid: a request was not served, or a stream broke. */
export interface RelayDefect {
  readonly _tag: 'RelayDefect'
  /** The value that `callerOf`, `select` or the client threw, or an error about what it returned. */
  readonly defect: unknown
}

/** An event of a relay, with the number of streams that are open after it. */
export type RelayEvent = (StreamOpened | StreamRefused | StreamClosed | RelayDefect) & {
  readonly streams: number
}
