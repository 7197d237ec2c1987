import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { piece, type Delivery, type Piece } from './delivery'
import { pick, type Draw } from './draw'

type Headers = Readonly<Record<string, string>>

/** How the end of a body is framed. */
const framings = [
  'length',
  'chunked',
  'chunked in odd pieces',
  'chunked, its end apart',
  'chunked with a trailer',
  'end of connection',
  'HTTP/1.0',
  'HTTP/1.0 with a length',
  'length, then closed',
] as const

export type Framing = (typeof framings)[number]

const encodings = {
  identity: (body: Buffer): Buffer => body,
  gzip: gzipSync,
  'x-gzip': gzipSync,
  // The best quality would take a tenth of a second.
  br: (body: Buffer): Buffer =>
    brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  deflate: deflateSync,
} as const

export type Encoding = keyof typeof encodings

export const head = (status: number, headers: Headers = {}, version = '1.1'): string =>
  [
    `HTTP/${version} ${String(status)} ${status < 400 ? 'OK' : 'Trouble'}`,
    ...Object.entries(headers).map(pair => pair.join(': ')),
  ].join('\r\n') + '\r\n\r\n'

const chunk = (bytes: Buffer, extension = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}${extension}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ])

/** Cuts bytes at random places. */
const cutAtRandom = (bytes: Buffer, draw: Draw, most: number): readonly Buffer[] => {
  const cuts = Array.from({ length: Math.floor(draw('cuts') * most) }, (_, nth) =>
    Math.floor(draw(`cut ${String(nth)}`) * bytes.length),
  )
  const places = [0, ...cuts, bytes.length].sort((a, b) => a - b)
  return places
    .map((place, nth) => bytes.subarray(place, places[nth + 1] ?? bytes.length))
    .filter(part => part.length > 0)
}

/** Splits bytes into several pieces, with short waits between some of them. */
const spread = (bytes: Buffer, draw: Draw): readonly Piece[] =>
  cutAtRandom(bytes, draw, 5).map((part, nth) =>
    piece(part, draw(`wait ${String(nth)}`) < 0.3 ? 3 : 0),
  )

const lastChunk = Buffer.from('0\r\n\r\n')

const chunks = (body: Buffer, draw: Draw): Buffer =>
  Buffer.concat(
    cutAtRandom(body, draw, 6).map((part, nth) =>
      chunk(part, draw(`extension ${String(nth)}`) < 0.1 ? ';part=1' : ''),
    ),
  )

/** A complete answer in a framing. */
const framed = (
  framing: Framing,
  status: number,
  headers: Headers,
  body: Buffer,
  draw: Draw,
): Delivery => {
  const chunkedHead = Buffer.from(head(status, { ...headers, 'transfer-encoding': 'chunked' }))
  const length = { ...headers, 'content-length': String(body.length) }
  switch (framing) {
    case 'length':
      return {
        pieces: spread(Buffer.concat([Buffer.from(head(status, length)), body]), draw),
        then: 'keep',
      }
    case 'chunked':
      return { pieces: [piece(Buffer.concat([chunkedHead, chunk(body), lastChunk]))], then: 'keep' }
    case 'chunked in odd pieces':
      return {
        pieces: spread(Buffer.concat([chunkedHead, chunks(body, draw), lastChunk]), draw),
        then: 'keep',
      }
    case 'chunked, its end apart': {
      const cut = Math.floor(draw('end') * lastChunk.length)
      return {
        pieces: [
          piece(Buffer.concat([chunkedHead, chunks(body, draw), lastChunk.subarray(0, cut)])),
          piece(lastChunk.subarray(cut), Math.floor(20 * draw('late'))),
        ],
        then: 'keep',
      }
    }
    case 'chunked with a trailer':
      return {
        pieces: [
          piece(Buffer.concat([chunkedHead, chunk(body)])),
          piece('0\r\nx-checksum: 1\r\n\r\n'),
        ],
        then: 'keep',
      }
    case 'end of connection':
      return {
        pieces: [piece(head(status, { ...headers, connection: 'close' })), ...spread(body, draw)],
        then: 'end',
      }
    case 'HTTP/1.0':
      return { pieces: [piece(head(status, headers, '1.0')), ...spread(body, draw)], then: 'end' }
    case 'HTTP/1.0 with a length':
      return {
        pieces: [piece(Buffer.concat([Buffer.from(head(status, length, '1.0')), body]))],
        then: 'end',
      }
    case 'length, then closed':
      return {
        pieces: [
          piece(
            Buffer.concat([Buffer.from(head(status, { ...length, connection: 'close' })), body]),
          ),
        ],
        then: 'end',
      }
  }
}

const framingOf = (draw: Draw): Framing => pick<Framing>(draw, 'framing', framings)

const encodingOf = (draw: Draw): Encoding =>
  pick<Encoding>(draw, 'encoding', [
    'identity',
    'identity',
    'identity',
    'gzip',
    'x-gzip',
    'br',
    'deflate',
  ])

/** Describes how a draw frames and encodes an answer. */
export const formOf = (draw: Draw): string => `${framingOf(draw)}, ${encodingOf(draw)}`

/** A complete answer in a random framing and encoding, after a wait in milliseconds. */
export const answered = (
  status: number,
  headers: Headers,
  text: string,
  draw: Draw,
  wait = 0,
): Delivery => {
  const encoding = encodingOf(draw)
  const body = encodings[encoding](Buffer.from(text))
  const delivery = framed(
    framingOf(draw),
    status,
    {
      'content-type': 'application/json',
      ...headers,
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
    body,
    draw,
  )
  const [first, ...rest] = delivery.pieces
  return first === undefined
    ? delivery
    : { ...delivery, pieces: [{ ...first, after: first.after + wait }, ...rest] }
}
