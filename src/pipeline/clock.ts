/** Milliseconds on a clock that only goes forward. Only differences mean anything. */
export type Clock = () => number

/**
 * The platform's monotonic clock: setting the wall clock does not move it. Whether time asleep
 * counts is the platform's choice (Linux and macOS: no; Windows: yes).
 */
export const monotonic: Clock = () => performance.now()

/** The longest delay that timers keep, in ms: one more, and they fire at once. */
export const longestTimer = 2 ** 31 - 1
