/**
 * The last event of a stream whose lifetime is over: to connect again then spends no retry. It has no
 * data, so an `EventSource` ignores it.
 */
export const streamIsOver = 'event: over\n\n'
