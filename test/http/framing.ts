import { expect } from '@jest/globals'

/** The ways in which HTTP/1 says where a body ends. */
export const framings = ['length', 'chunked', 'end of connection', 'HTTP/1.0'] as const

export type Framing = (typeof framings)[number]

/** The framings after which the connection can serve another request. */
export const keptFramings = ['length', 'chunked'] as const satisfies readonly Framing[]

/** An answer as it goes over the wire. */
export interface Framed {
  /** The pieces to write, each by itself. */
  readonly pieces: readonly Buffer[]
  /** Whether the server closes the connection after them. */
  readonly closes: boolean
}

type Headers = Readonly<Record<string, string>>

const headOf = (version: string, status: number, headers: Headers): Buffer =>
  Buffer.from(
    [
      `HTTP/${version} ${String(status)} X`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n'),
    'latin1',
  )

const chunkOf = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')])

/** The chunks of a body, cut in `cuts + 1` parts; at most one cut a byte. */
const chunksOf = (body: Buffer, cuts: number): readonly Buffer[] => {
  const size = Math.max(1, Math.ceil(body.length / (cuts + 1)))
  const parts: Buffer[] = []
  for (let at = 0; at < body.length; at += size) parts.push(body.subarray(at, at + size))
  return parts.map(chunkOf)
}

/**
 * Frames an answer. For a chunked answer `nth` chooses the shape: how many chunks, whether the last
 * one comes by itself, and whether it has a trailer.
 */
export const frame = (
  framing: Framing,
  nth: number,
  status: number,
  body: Buffer,
  headers: Headers = {},
): Framed => {
  // These statuses allow no body: any framing would be the beginning of the next answer.
  const bare = status === 204 || status === 304 || status < 200
  switch (framing) {
    case 'length': {
      const own = bare ? headers : { ...headers, 'content-length': String(body.length) }
      return { pieces: [headOf('1.1', status, own), body], closes: false }
    }
    case 'chunked': {
      if (bare) return { pieces: [headOf('1.1', status, headers)], closes: false }
      const head = headOf('1.1', status, { ...headers, 'transfer-encoding': 'chunked' })
      const chunks = chunksOf(body, nth % 4)
      const last = Buffer.from(nth % 3 === 0 ? '0\r\nx-trailer: 1\r\n\r\n' : '0\r\n\r\n')
      return {
        pieces: nth % 2 === 0 ? [Buffer.concat([head, ...chunks, last])] : [head, ...chunks, last],
        closes: false,
      }
    }
    case 'end of connection':
      return {
        pieces: [headOf('1.1', status, { ...headers, connection: 'close' }), body],
        closes: true,
      }
    case 'HTTP/1.0':
      return { pieces: [headOf('1.0', status, headers), body], closes: true }
  }
}

/** Counts the answers. It starts at another number in each file of tests. */
let answers = Buffer.from(expect.getState().testPath ?? '').reduce((sum, byte) => sum + byte, 0)

/** The number of the next answer, which chooses its framing if a test names none. */
export const nextAnswer = (): number => (answers += 1)
