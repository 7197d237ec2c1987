/**
 * The last event of a stream whose lifetime expired. The reconnect that follows counts as no retry.
 * The event has no data, so an `EventSource` ignores it.
 */
export const streamIsOver = 'event: over\n\n'
