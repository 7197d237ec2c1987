import type { WholeAnswer } from './answers'

/** Headers that announce the complete body, a part of that body, then a closed connection. */
export interface CutFault {
  readonly kind: 'cut'
  readonly of: WholeAnswer
  /** The share of the body that is sent: at least 0, less than 1. */
  readonly after: number
  /** `end` closes the connection (FIN); `reset` resets it (RST), 50 ms after the partial body. */
  readonly by: 'end' | 'reset'
}

/** A body that is sent a few bytes at a time. */
export interface TrickleFault {
  readonly kind: 'trickle'
  readonly of: WholeAnswer
  /** Milliseconds before each chunk. */
  readonly every: number
  /** Bytes in a chunk. */
  readonly bytes: number
}

/** A connection that is reset before the first byte. */
export interface ResetFault {
  readonly kind: 'reset'
}

/** No answer: the connection stays open until the client or the sandbox closes it. */
export interface SilentFault {
  readonly kind: 'silent'
}

/** Raw bytes on the socket: a broken chunk, a status 101, something that is not HTTP. */
export interface WireFault {
  readonly kind: 'wire'
  /** The bytes, one per character (Latin-1). */
  readonly bytes: string
  /** What happens next: the connection is closed, is reset after 50 ms, or stays open. */
  readonly then: 'end' | 'reset' | 'stay'
}

/** A fault of the connection: plain data, a union on `kind`. */
export type Fault = CutFault | TrickleFault | ResetFault | SilentFault | WireFault

/**
 * Sends a part of an answer's body, by default half, then closes the connection.
 *
 * @example
 * cut(completed(), { by: 'reset' })
 */
export const cut = (
  of: WholeAnswer,
  {
    after = 0.5,
    by = 'end',
  }: {
    /** The share of the body that is sent: at least 0, less than 1. @default 0.5 */
    readonly after?: number | undefined
    /** How the connection ends. @default 'end' */
    readonly by?: CutFault['by'] | undefined
  } = {},
): CutFault => ({ kind: 'cut', of, after, by })

/**
 * Sends an answer's body slowly, by default one byte a second.
 *
 * @example
 * trickle(processing(), { every: 200, bytes: 4 })
 */
export const trickle = (
  of: WholeAnswer,
  {
    every = 1_000,
    bytes = 1,
  }: {
    /** Milliseconds before each chunk. @default 1_000 */
    readonly every?: number | undefined
    /** Bytes in a chunk. @default 1 */
    readonly bytes?: number | undefined
  } = {},
): TrickleFault => ({ kind: 'trickle', of, every, bytes })

/**
 * Resets the connection in place of an answer.
 *
 * @example
 * sandbox.script('acct_1', [times(3, reset()), completed()])
 */
export const reset = (): ResetFault => ({ kind: 'reset' })

/**
 * Sends nothing and leaves the connection open.
 *
 * @example
 * sandbox.script('acct_1', [silent(), completed()])
 */
export const silent = (): SilentFault => ({ kind: 'silent' })

/**
 * Sends raw bytes, then by default closes the connection.
 *
 * @example
 * wire('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n', 'stay')
 */
export const wire = (bytes: string, then: WireFault['then'] = 'end'): WireFault => ({
  kind: 'wire',
  bytes,
  then,
})
