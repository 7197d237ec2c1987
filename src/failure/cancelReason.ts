/**
 * The `reason` of an upload that was cancelled for all of its followers, by `cancel` of a queue. Any
 * other `Cancelled` is about one follower, such as a client that was closed.
 */
export const cancelledForAll = 'cancelled through the queue'
