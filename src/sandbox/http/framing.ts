/**
 * How the end of a body is sent: by a `Content-Length`, by a last chunk, by the end of the
 * connection, or by the end of the connection after a status line of HTTP/1.0.
 */
export type Framing = 'length' | 'chunked' | 'close' | 'http10'

/** Every framing. */
export const framings: readonly Framing[] = ['length', 'chunked', 'close', 'http10']
