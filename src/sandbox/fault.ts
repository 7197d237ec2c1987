import type { WholeAnswer } from './wholeAnswer'

/** A head that promises the whole body, a part of the body, then the end of the connection. */
export interface CutFault {
  readonly kind: 'cut'
  readonly of: WholeAnswer
  /** The share of the body that is sent, from 0 to below 1. */
  readonly after: number
  /** `end` closes the connection in order (FIN); `reset` does not (RST), 50 ms after the part. */
  readonly by: 'end' | 'reset'
}

/** A body that comes a few bytes at a time. */
export interface TrickleFault {
  readonly kind: 'trickle'
  readonly of: WholeAnswer
  /** Milliseconds before each piece. */
  readonly every: number
  /** Bytes in a piece. */
  readonly bytes: number
}

/** The connection is reset before a byte is sent. */
export interface ResetFault {
  readonly kind: 'reset'
}

/** Nothing is ever sent; the connection stays open until the client or the sandbox closes it. */
export interface SilentFault {
  readonly kind: 'silent'
}

/** Bytes put on the socket as they are: a broken chunk, a `101`, something that is not HTTP. */
export interface WireFault {
  readonly kind: 'wire'
  /** One byte a character (Latin-1). */
  readonly bytes: string
  /** What becomes of the connection afterwards. */
  readonly then: 'end' | 'reset' | 'stay'
}

/** What can go wrong below HTTP; plain data, told apart by `kind`. */
export type Fault = CutFault | TrickleFault | ResetFault | SilentFault | WireFault

/**
 * An answer that breaks off in its body, by default after half of it and in order.
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
    /** The share of the body that is sent, from 0 to below 1. @default 0.5 */
    readonly after?: number | undefined
    readonly by?: CutFault['by'] | undefined
  } = {},
): CutFault => ({ kind: 'cut', of, after, by })

/**
 * An answer whose body comes slowly, by default one byte a second (`every: 1_000, bytes: 1`).
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
    /** Milliseconds before each piece. @default 1_000 */
    readonly every?: number | undefined
    /** Bytes in a piece. @default 1 */
    readonly bytes?: number | undefined
  } = {},
): TrickleFault => ({ kind: 'trickle', of, every, bytes })

/** A connection that is reset instead of answered. */
export const reset = (): ResetFault => ({ kind: 'reset' })

/** A connection on which nothing is ever heard. */
export const silent = (): SilentFault => ({ kind: 'silent' })

/**
 * Bytes as they are, and by default the end of the connection after them.
 *
 * @example
 * wire('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n', 'stay')
 */
export const wire = (bytes: string, then: WireFault['then'] = 'end'): WireFault => ({
  kind: 'wire',
  bytes,
  then,
})
