/** The largest file that the sandbox accepts, in bytes: the page refuses a larger one before it sends it. */
export const largestFile = 100 * 1_024 * 1_024

/** Uploads that a page watches at once: two streams of the relay. A browser has six connections. */
export const mostWatched = 500

/** Files and URLs that a page sends at once. */
export const mostSending = 2
